"""What the kernel need not tell or accept on a droplet."""

from collections.abc import Iterator

from realmfleet.settings import Setting

_TABLE = (
    ("kernel.kptr_restrict", 2, "kernel addresses help an attacker only"),
    ("kernel.dmesg_restrict", 1, "the kernel's log is the operators'"),
    ("kernel.yama.ptrace_scope", 1, "a process does not read its neighbour's secrets"),
    ("kernel.unprivileged_bpf_disabled", 1, "nobody here loads BPF but root"),
    ("net.core.bpf_jit_harden", 2, "against code smuggled in as BPF"),
    ("fs.suid_dumpable", 0, "no core file of a privileged program"),
    ("fs.protected_fifos", 2, "no tricks with others' FIFOs in /tmp"),
    ("fs.protected_regular", 2, "no tricks with others' files in /tmp"),
    ("net.ipv4.conf.all.rp_filter", 2, "drops forged senders; loose, as a mesh needs"),
    ("net.ipv4.conf.all.accept_redirects", 0, "nobody bends our routes"),
    ("net.ipv4.conf.all.send_redirects", 0, "a droplet is no router"),
    ("net.ipv4.conf.all.accept_source_route", 0, "the sender does not choose the way"),
    ("net.ipv6.conf.all.accept_redirects", 0, "nobody bends our routes"),
    ("net.ipv4.icmp_echo_ignore_broadcasts", 1, "not to be used as an amplifier"),
)


def advice() -> Iterator[Setting]:
    """The same on every droplet."""
    for name, value, reason in _TABLE:
        yield Setting(name, value, reason)
