from . import centre, committee, core, people, policy, privacy, request, spending, voice
