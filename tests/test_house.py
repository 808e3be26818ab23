def test_healthz_answers(db, client):
    from django.db import connection

    assert client.get("/healthz").json() == {"status": "ok"}
    print(connection.vendor, connection.settings_dict)
