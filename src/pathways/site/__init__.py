"""What a site has and a plan covers: a gap plan beside the recommendation, which never changes because of it."""

from .gaps import CoverageGap, Gap, SiteGaps, coverage_data, coverage_gaps, gap_plan, site_data
from .model import Site, SiteError, SiteService, load_site
from .signoff import confirmed, open_rows, row_of, signed, write_signoff

__all__ = [
    "CoverageGap",
    "Gap",
    "Site",
    "SiteError",
    "SiteGaps",
    "SiteService",
    "confirmed",
    "coverage_data",
    "coverage_gaps",
    "gap_plan",
    "load_site",
    "open_rows",
    "row_of",
    "signed",
    "site_data",
    "write_signoff",
]
