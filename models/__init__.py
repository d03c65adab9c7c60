from . import core, people, policy, request
