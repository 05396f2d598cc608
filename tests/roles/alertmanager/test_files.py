"""Alertmanager's files: who is told when, where the URLs lie, whom the firewall lets out."""

import pytest
import yaml

import roles
from realmfleet.fleet import Fleet
from realmfleet.secrets import given
from realmfleet.settings import WishError
from roles.alertmanager import files
from roles.alertmanager.settings import SEVERITIES, routes, seconds, settings

URL, SWITCH = "https://hooks.example.com/T0/secret-path", "https://switch.example.com/ping-path"
SECRETS = {"alertmanager_webhook_url": URL}
BOTH = SECRETS | {"alertmanager_heartbeat_url": SWITCH}


def laid(fleet, droplet, secrets):
    return {file.path: file for file in files.files(fleet, droplet, secrets)}


def config(fleet, droplet, secrets):
    return yaml.safe_load(laid(fleet, droplet, secrets)[files.CONFIG].content)


def test_urls_lie_in_files_of_their_user_alone(alpha):
    found = laid(*alpha(), BOTH)
    for path, text in ((files.WEBHOOK, URL), (files.OUTSIDE, SWITCH)):
        file = found[path]
        assert (file.content, file.owner, file.mode, file.secret) == (
            f"{text}\n",
            "alertmanager",
            0o600,
            True,
        )
    holding = [path for path, file in found.items() if "-path" in file.content]
    assert sorted(holding) == sorted([files.WEBHOOK, files.OUTSIDE])
    assert files.absent(SECRETS) == [files.OUTSIDE]
    assert files.absent(BOTH) == []


def test_the_watchdog_is_told_to_nobody_and_the_rest_by_severity(alpha):
    told = config(*alpha(), SECRETS)
    nobody, *others = told["route"]["routes"]
    assert nobody == {"matchers": ["severity = none"], "receiver": "nobody"}
    assert [route["matchers"] for route in others] == [[f"severity = {s}"] for s in SEVERITIES]
    (webhook,) = [one for one in told["receivers"] if one["name"] == "webhook"]
    assert webhook["webhook_configs"] == [{"url_file": files.WEBHOOK, "send_resolved": True}]


def test_a_fleet_may_have_no_webhook_explicitly(alpha):
    told = config(*alpha(), {})
    assert {"name": "webhook"} in told["receivers"]
    fleet, droplet = alpha()
    wanted = "alertmanager_webhook_url"
    assert wanted in given(fleet)
    fleet, droplet = alpha(alertmanager_webhook=False)
    assert wanted not in given(fleet)
    assert wanted in roles.declined("alertmanager", droplet.data)


def test_the_switch_outside_is_only_there_where_it_is_asked_for(alpha):
    wanted = "alertmanager_heartbeat_url"
    assert wanted not in given(alpha()[0])
    assert wanted in given(alpha(alertmanager_heartbeat=True)[0])


def test_it_listens_on_loopback_beside_prometheus_and_has_no_cluster(alpha):
    text = laid(*alpha(), SECRETS)[files.DROP_IN].content
    assert "--web.listen-address=127.0.0.1:9093" in text
    assert "--cluster.listen-address= " in text
    assert "User=alertmanager" in text


def test_the_heartbeat_asks_prometheus_only_where_it_is_a_neighbour(alpha, droplet):
    path = "/etc/systemd/system/realmfleet-heartbeat.service"
    assert "PROMETHEUS=http://127.0.0.1:9090\n" in laid(*alpha(), SECRETS)[path].content
    alone = droplet("s-2vcpu-4gb", "alertmanager")
    text = laid(Fleet("f", (alone,)), alone, SECRETS)[path].content
    assert "HEARTBEAT_PROMETHEUS=\n" in text
    assert "HEARTBEAT_OUTSIDE=\n" in text


def test_the_critical_is_told_sooner_and_more_often(alpha):
    found = {severity: {s.name: seconds(s) for s in laid.values()} for severity, laid in (
        routes(alpha()[1]).items())}  # fmt: skip
    for name in ("group_wait", "group_interval", "repeat_interval"):
        assert found["critical"][name] < found["warning"][name]


def test_wishes_count_and_odd_ones_are_refused(alpha):
    wish = {"critical": {"repeat_interval": "30m"}}
    assert settings(*alpha(alertmanager_settings=wish))["critical.repeat_interval"].text == "30m"
    for odd, said in (
        ({"critical": {"repeat_interval": "often"}}, "'often' is no duration"),
        ({"critical": {"repeat_intervall": "1h"}}, "Did you mean 'repeat_interval'"),
        ({"terrible": {}}, "terrible"),
    ):
        with pytest.raises(WishError, match=said):
            settings(*alpha(alertmanager_settings=odd))
