"""Sales indicators from CRM data. Below it: every module of the package."""

__version__ = "0.1.0.dev0"
