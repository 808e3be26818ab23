// The steps of a story can be dragged. Their numbers say the same, and need no script.

const group = document.querySelector("#steps-group");
const rows = () => [...group.querySelectorAll(".inline-related:not(.empty-form)")];
const number = (row) => row.querySelector("input[name$='-order']");

const renumber = () => {
  let next = 1;
  for (const row of rows()) {
    const input = number(row);
    const removed = row.querySelector("input[name$='-DELETE']")?.checked;
    // A row that nobody filled in stays without a number.
    const chosen = row.querySelector("select[name$='-event']")?.value;
    if (!input || removed || !chosen) continue;
    input.value = next;
    next += 1;
  }
  group.dispatchEvent(new Event("change", { bubbles: true }));
};

const give = (row) => {
  const heading = row.querySelector("h3");
  if (!number(row) || !heading || heading.querySelector(".dl-drag")) return;
  const handle = document.createElement("span");
  handle.className = "dl-drag";
  handle.draggable = true;
  handle.setAttribute("aria-hidden", "true");
  handle.textContent = "⠿";
  heading.prepend(handle);
  handle.addEventListener("dragstart", (event) => {
    row.classList.add("dl-dragged");
    event.dataTransfer.effectAllowed = "move";
    event.dataTransfer.setData("text/plain", "");
    event.dataTransfer.setDragImage(heading, 0, 0);
    // Only the headings, so that the place is near; a change at once would end the drag.
    setTimeout(() => {
      group.classList.add("dl-sorting");
      row.scrollIntoView({ block: "center" });
    });
  });
  handle.addEventListener("dragend", () => {
    row.classList.remove("dl-dragged");
    group.classList.remove("dl-sorting");
    row.scrollIntoView({ block: "center" });
    renumber();
  });
};

if (group) {
  rows().forEach(give);
  document.addEventListener("formset:added", (event) => {
    if (group.contains(event.target)) give(event.target);
  });
  group.addEventListener("dragover", (event) => {
    const dragged = group.querySelector(".dl-dragged");
    const over = event.target.closest(".inline-related:not(.empty-form)");
    if (!dragged) return;
    event.preventDefault();
    if (!over || over === dragged) return;
    const box = over.getBoundingClientRect();
    over[event.clientY > box.top + box.height / 2 ? "after" : "before"](dragged);
  });
  group.addEventListener("drop", (event) => {
    if (group.querySelector(".dl-dragged")) event.preventDefault();
  });
}
