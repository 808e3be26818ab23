"""axe over a page: the violations as lines that say which rule, how bad, and where."""

from axe_playwright_python.sync_playwright import Axe

EVERYTHING = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice")


def violations(page, impacts=("minor", "moderate", "serious", "critical"), tags=()):
    """Lines for what axe finds; ``tags`` chooses its rules, else those that it runs by itself."""
    # Of what passes axe need not say where each one stands.
    options = {"resultTypes": ["violations"]} | ({"runOnly": list(tags)} if tags else {})
    found = Axe().run(page, options=options).response["violations"]
    return [
        f"{each['id']} ({each['impact']}): {node['html'][:160]}"
        for each in found
        if each["impact"] in impacts
        for node in each["nodes"]
    ]


def sideways(page):
    """How many pixels the page is wider than its window."""
    return page.evaluate(
        "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    )
