from . import committee, core, people, policy, request, spending
