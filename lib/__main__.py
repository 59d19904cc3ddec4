"""`python -m lib train NAME`: train a network and write its folder under networks/.

The corpora come from the public hub, or from the folder that the environment variable DATA_DIR names.
"""

import argparse
import sys

from lib.corpora import CorpusError
from lib.publication import publish
from lib.training import TrainingError


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m lib", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    train = commands.add_parser("train", help="train a network and write its folder")
    train.add_argument("name", help="<dataset>-<architecture>[<layers>][-<variant>]-seed<k>, e.g. sst-gru-seed0")
    arguments = parser.parse_args()
    try:
        print(f"Written: {publish(arguments.name)}")
    except (CorpusError, TrainingError, ValueError) as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
