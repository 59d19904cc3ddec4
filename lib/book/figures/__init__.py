"""One function per kind of figure. Each takes axes and arrays, draws, and computes nothing but positions on the page."""

from lib.book.figures.beyond import *
from lib.book.figures.look import *
from lib.book.figures.modes import *
from lib.book.figures.networks import *
from lib.book.figures.sections import *
from lib.book.figures.stacks import *
