def test_healthz_answers(client, db):  # noqa: ARG001
    assert client.get("/healthz").json() == {"status": "ok"}
