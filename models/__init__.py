from . import core, people, policy, privacy, request
