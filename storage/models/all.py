"""Every mapped class, imported so that the metadata is whole."""

from storage.models import customers, journal, papers, people, process, selling, service
from storage.models.base import Base

MODULES = (customers, journal, papers, people, process, selling, service)

__all__ = ["MODULES", "Base"]
