from . import login, policy_pages, portal
