from . import payable_mixin, payout
