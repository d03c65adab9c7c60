from . import committee, core, people, policy, privacy, request, spending, voice
