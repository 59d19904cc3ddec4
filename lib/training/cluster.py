"""The grid on a Slurm cluster: each task a job of an array, sent by submitit. The repository is in a folder that all nodes see.

A job that the cluster preempts, or that reaches its time limit, is queued again and goes on from its last checkpoint.
"""

import shutil
import subprocess
import time

from submitit import SlurmExecutor, SlurmJob
from submitit.core.utils import FailedJobError
from submitit.helpers import Checkpointable

from lib.training.grid import WORK, GridError, Task, do, log_of

FOLDER = WORK / "slurm"  # scripts, arguments and results of the jobs
LOOK = 10.0  # seconds between two looks at the queue
N_LIMITS = 20  # times that a job may reach its time limit


class Resumable(Checkpointable):
    """A task as submitit runs it: where the job is queued again, the same task, which finds its checkpoint."""

    def __call__(self, task: Task) -> bool:
        return do(task)


class Cluster:
    """A partition of a Slurm cluster, its default where None: `minutes` a job before it is queued again, one core, `gpus` GPUs.

    Raises GridError where Slurm is not installed.
    """

    slots = 1_000  # Slurm's own default for the longest array is 1,001

    def __init__(self, partition: str | None, minutes: int, gpus: int):
        if shutil.which("sbatch") is None:
            raise GridError("There is no sbatch on this machine: run the grid where Slurm's commands are, on a login node.")
        self.executor = SlurmExecutor(FOLDER, max_num_timeout=N_LIMITS)
        self.executor.update_parameters(
            job_name="line-attractors",
            partition=partition,
            time=minutes,
            gpus_per_node=gpus or None,
            additional_parameters={"requeue": True},
        )
        self.absent: set[str] = set()

    def left(self) -> dict[str, Task]:
        """The tasks of this repository that are in the queue, by job."""
        jobs = [SlurmJob(FOLDER, job) for job in _queue()]
        return {job.job_id: job.submission().args[0] for job in jobs if job.paths.submitted_pickle.exists()}

    def start(self, tasks: list[Task]) -> dict[str, Task]:
        """Send tasks as one array. Raises GridError where Slurm refuses."""
        try:
            with self.executor.batch():
                jobs = [self.executor.submit(Resumable(), task) for task in tasks]
        except FailedJobError as error:
            raise GridError("Slurm does not take the tasks, for the reason above.") from error
        return {job.job_id: task for job, task in zip(jobs, tasks, strict=True)}

    def finished(self, running: dict[str, Task]) -> dict[str, bool]:
        """Wait until jobs have left the queue; a task succeeded where its files are there.

        A shared file system may show them late, so a task without files is looked at twice. What Slurm said of one that failed
        is added to its log.
        """
        ended: dict[str, bool] = {}
        while not ended:
            time.sleep(LOOK)
            gone = running.keys() - _queue()
            ended = {job: running[job].done for job in gone if running[job].done or job in self.absent}
            self.absent = gone
        for job, succeeded in ended.items():
            if not succeeded:
                with log_of(running[job]).open("a", encoding="utf-8") as log:
                    log.write(SlurmJob(FOLDER, job).stderr() or "")
        return ended


def _queue() -> set[str]:
    """The jobs that this user has in the queue, waiting or running; squeue knows without accounting. Raises GridError."""
    asked = subprocess.run(["squeue", "--me", "--noheader", "--array", "--format=%i"], capture_output=True, encoding="utf-8")
    if asked.returncode:
        raise GridError(f"Slurm does not answer ({asked.stderr.strip()}). The same command follows the jobs that are queued.")
    return set(asked.stdout.split())
