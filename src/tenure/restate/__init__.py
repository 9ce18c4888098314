"""What a month said then and says now, and which loads and rows moved it.

freeze()   keeps what the numbers of a period are
restate()  the frozen numbers, or those of past months as of an instant, beside what they are now
"""

from tenure.restate.freezing import Freeze, freeze
from tenure.restate.restating import LIMIT, restate
from tenure.restate.shape import CAUSES, Changed, Moved, Restatement, Share

__all__ = ["CAUSES", "LIMIT", "Changed", "Freeze", "Moved", "Restatement", "Share", "freeze", "restate"]
