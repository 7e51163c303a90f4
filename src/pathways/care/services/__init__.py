"""What a site has and a plan covers: a gap plan beside the recommendation, which never changes because of it."""

from .gaps import (
    CoverageGap,
    Gap,
    LevelGap,
    SiteGaps,
    behind,
    coverage_data,
    coverage_gaps,
    coverage_not_asked,
    gap_plan,
    level_gap,
    past,
    site_data,
)
from .model import Signoff, Site, SiteError, SiteService, Staff, load_site, parse_site
from .signoff import carriers, confirmed, open_rows, row_of, signed, write_signoff

__all__ = [
    "CoverageGap",
    "Gap",
    "LevelGap",
    "Signoff",
    "Site",
    "SiteError",
    "SiteGaps",
    "SiteService",
    "Staff",
    "behind",
    "carriers",
    "confirmed",
    "coverage_data",
    "coverage_gaps",
    "coverage_not_asked",
    "gap_plan",
    "level_gap",
    "load_site",
    "open_rows",
    "parse_site",
    "past",
    "row_of",
    "signed",
    "site_data",
    "write_signoff",
]
