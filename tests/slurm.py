"""A Slurm of one node, this machine, for as long as a test runs: Debian's munge, slurmctld and slurmd, all files in one folder.

No accounting and no cgroups, so that it runs in a container, without systemd, as any user.
"""

import getpass
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

SEARCHED = os.pathsep.join([os.environ.get("PATH", ""), "/usr/sbin", "/sbin"])  # Debian's daemons are not on a user's path
PROGRAMS = ("munged", "slurmctld", "slurmd", "sbatch")
MISSING = [name for name in PROGRAMS if shutil.which(name, path=SEARCHED) is None]
CONFIGURATION = """\
ClusterName=one
SlurmctldHost={host}(localhost)
SlurmctldPort={controller}
SlurmdPort={node}
SlurmUser={user}
SlurmdUser={user}
AuthInfo=socket={folder}/munge.socket,cred_expire=5
CredType=cred/munge
StateSaveLocation={folder}/state
SlurmdSpoolDir={folder}/spool
SlurmctldPidFile={folder}/slurmctld.pid
SlurmdPidFile={folder}/slurmd.pid
SlurmctldLogFile={folder}/slurmctld.log
SlurmdLogFile={folder}/slurmd.log
SelectType=select/cons_tres
SelectTypeParameters=CR_Core
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
JobAcctGatherType=jobacct_gather/none
AccountingStorageType=accounting_storage/none
MpiDefault=none
ReturnToService=2
KillWait=1
MinJobAge=10
SchedulerParameters=sched_interval=1,batch_sched_delay=0
NodeName={host} NodeAddr=localhost CPUs={cpus} State=UNKNOWN
PartitionName=one Nodes={host} Default=YES MaxTime=60 State=UP
"""


@contextmanager
def one_node(folder: Path, cpus: int = 2) -> Generator[dict[str, str]]:
    """Start a cluster whose files are in `folder`, yield the environment of its users, and end it.

    Raises TimeoutError, with the ends of the logs, where the node does not come up.
    """
    for name in ("state", "spool"):
        (folder / name).mkdir()
    (folder / "munge.key").write_bytes(os.urandom(128))
    (folder / "munge.key").chmod(0o400)
    host, user = socket.gethostname().partition(".")[0], getpass.getuser()
    controller, node = _free_ports(2)
    (folder / "slurm.conf").write_text(
        CONFIGURATION.format(host=host, user=user, folder=folder, cpus=cpus, controller=controller, node=node)
    )
    environment = os.environ | {"PATH": SEARCHED, "SLURM_CONF": str(folder / "slurm.conf")}
    munge = [
        f"--{kind}={folder}/munge.{kind.partition('-')[0]}"
        for kind in ("socket", "key-file", "pid-file", "seed-file", "log-file")
    ]
    daemons = [["munged", "--foreground", "--force", *munge], ["slurmctld", "-D"], ["slurmd", "-D", "-N", host]]
    running = []
    try:
        for command in daemons:
            with (folder / f"{command[0]}.out").open("w") as out:
                running.append(subprocess.Popen(command, stdout=out, stderr=out, env=environment))
            if command[0] == "munged":
                _until((folder / "munge.socket").exists, folder)
        idle = ["sinfo", "--noheader", "--format=%T"]
        _until(lambda: "idle" in subprocess.run(idle, env=environment, capture_output=True, text=True).stdout.split(), folder)
        yield environment
    finally:
        for daemon in reversed(running):
            daemon.terminate()
            daemon.wait(30)


def _free_ports(n: int) -> list[int]:
    """Ports that nobody listens on."""
    sockets = [socket.socket() for _ in range(n)]
    for one in sockets:
        one.bind(("localhost", 0))
    ports = [one.getsockname()[1] for one in sockets]
    for one in sockets:
        one.close()
    return ports


def _until(ready, folder: Path, seconds: float = 120) -> None:
    """Wait until a condition holds."""
    end = time.monotonic() + seconds
    while not ready():
        if time.monotonic() > end:
            logs = [f"{path.name}: …{path.read_text()[-500:]}" for path in (*folder.glob("*.out"), *folder.glob("*.log"))]
            raise TimeoutError("Slurm does not come up.\n" + "\n".join(logs))
        time.sleep(0.1)


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, lambda *_: sys.exit())
    with one_node(Path(sys.argv[1])) as its:
        print(f"export SLURM_CONF={its['SLURM_CONF']}", flush=True)
        time.sleep(float(sys.argv[2]))
