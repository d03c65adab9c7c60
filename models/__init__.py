from . import core, policy, people, request
