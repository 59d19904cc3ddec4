"""Texts on which the tokenizer is tested, in Python and in the browser."""

from hypothesis import strategies as st

EXAMPLES = [
    ("don't", "do n't"),
    ("It's", "it 's"),
    ("it’s we’re I’ve", "it 's we 're i 've"),
    ("Great!!!", "great !"),
    ("well...no?!", "well . no ? !"),
    ("one<br /><br />two<BR>three", "one two three"),
    ("rock'n'roll", "rock ' n ' roll"),
    ("a 10/10, café", "a 10 / 10 , café"),
    (" \t\n", ""),
]
KNOWN = st.characters(exclude_categories=["Cs", "Cn"])  # a character that Python does not know yet, a browser may
REVIEWS = st.text(KNOWN) | st.text(alphabet="abnt'’srv<>/! .br\n\u00a0\u2028İſ", max_size=30)
