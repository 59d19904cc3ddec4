"""`python -m lib train NAME`: train a network and write its folder under networks/; `grid`: everything that is missing;
`experiment`: what makes the line, trained for its measures alone.

The corpora come from the public hub, or from the folder that the environment variable DATA_DIR names.
"""

import argparse
import os
import subprocess
import sys

from lib.book import measuring
from lib.text.corpora import CorpusError
from lib.training import experiment, grid
from lib.training.loop import TrainingError
from lib.training.publication import publish


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m lib", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    named = {
        "train": (publish, "train a network and write its folder"),
        "measure": (measuring.measure, "run the notebooks on a trained network and keep what they measure"),
        "trial": (grid.trial, "train one trial of the search for a recipe"),
    }
    for name, (_, told) in named.items():
        commands.add_parser(name, help=told).add_argument(
            "name", help="<dataset>-<architecture>[<layers>][-<variant>]-seed<k>, e.g. sst-gru-seed0"
        )
    whole = commands.add_parser("grid", help="train and measure whatever is missing of book/networks.yml")
    whole.add_argument("--jobs", type=int, default=os.cpu_count(), help="processes at a time (default: one a core)")
    whole.add_argument("--engine", choices=("local", "slurm"), default="local", help="this machine, or a Slurm cluster")
    whole.add_argument("--partition", help="of the cluster (default: its own default)")
    whole.add_argument("--minutes", type=int, default=240, help="of a job, before it is queued again (default: 240)")
    whole.add_argument("--gpus", type=int, default=0, help="of a job (default: none)")
    designed = commands.add_parser("experiment", help="train and measure runs of the experiment, or all that are missing")
    designed.add_argument("names", nargs="*", metavar="name", help="runs as --list writes them (default: all that are missing)")
    designed.add_argument("--list", action="store_true", help="write the names of what is missing, and train nothing")
    arguments = parser.parse_args()
    try:
        if arguments.command == "experiment":
            return _experiment(arguments.names or experiment.missing(), arguments.list)
        if arguments.command == "grid":
            failed = grid.run(_engine(arguments))
            print(f"Tasks that failed: {len(failed)}." if failed else "Nothing is missing.")
            return bool(failed)
        print(f"Written: {named[arguments.command][0](arguments.name)}")
    except (CorpusError, grid.GridError, TrainingError, ValueError) as error:
        print(error, file=sys.stderr)
        return 1
    except subprocess.CalledProcessError as error:
        return error.returncode
    except KeyboardInterrupt:
        print("Interrupted: the same command goes on from here.", file=sys.stderr)
        return 130
    return 0


def _engine(arguments: argparse.Namespace) -> grid.Engine:
    """What does the tasks of the grid. Raises GridError where a cluster is asked for and there is none."""
    if arguments.engine == "local":
        return grid.Local(arguments.jobs)
    try:
        from lib.training.cluster import Cluster
    except ModuleNotFoundError as error:
        raise grid.GridError(f"The cluster needs {error.name}: python -m pip install -r requirements-slurm.txt") from error
    return Cluster(arguments.partition, arguments.minutes, arguments.gpus)


def _experiment(names: list[str], only_list: bool) -> int:
    """Perform runs one after the other; one that cannot be trained is told and the others go on."""
    failed = 0
    for name in names:
        if only_list:
            print(name)
            continue
        try:
            print(f"Written: {experiment.perform(name)}", flush=True)
        except TrainingError as error:
            failed += 1
            print(error, file=sys.stderr)
    return bool(failed)


if __name__ == "__main__":
    sys.exit(main())
