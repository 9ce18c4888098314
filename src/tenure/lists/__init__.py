"""What a store holds, row by row, for a reader to look through: customers, movements, releases, loads."""

from tenure.lists.customers import customers
from tenure.lists.loads import holdings
from tenure.lists.movements import movements
from tenure.lists.releases import releases

__all__ = ["customers", "holdings", "movements", "releases"]
