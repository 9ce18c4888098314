"""Reviewable edits: what is left out, and who is one with whom, as a file that people read and version control keeps."""

from __future__ import annotations

from tenure.edits.check import Check, check
from tenure.edits.lines import COLUMNS, Line, read
from tenure.edits.propose import Proposal, propose
from tenure.edits.stored import Patch, Stored, apply, stored

__all__ = ["COLUMNS", "Check", "Line", "Patch", "Proposal", "Stored", "apply", "check", "propose", "read", "stored"]
