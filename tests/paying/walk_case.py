from odoo.exceptions import UserError

from ..compensation.common import FILE


class CaseActions:
    """What officers, approvers and the harmed party do to a case."""

    def _do_find(self, case, user):
        case._find(
            "proof",
            "met",
            "The manager admits it.",
            proof_kind="admission",
            signer_id=self.manager.partner_id.id,
        )

    def _do_negotiate(self, case, user):
        case.action_negotiate()

    def _do_head(self, case, user):
        head = self.random.choice(case.head_ids)
        head.amount_proposed = self._amount()

    def _do_offer(self, case, user):
        case._offer("money", "We make good what was broken.")

    def _do_accept(self, case, user):
        case._accept_on_paper("", FILE, "signed.pdf", self.person)

    def _do_accept_in_portal(self, case, user):
        case = case.with_user(self.users["portal"])
        case._portal_accept(len(case.sudo().round_ids), None, self.person.name, "")

    def _do_decline(self, case, user):
        case._answered_in_words("declined", "No.")

    def _do_propose(self, case, user):
        case._propose("It is fair.", self.fund)

    def _do_review(self, case, user):
        opinion = "fit" if self.random.random() < 0.9 else "unfit"
        case._review_legally(opinion, "As the file shows.")

    def _do_sign(self, case, user):
        case._sign_for_association()

    def _do_ask(self, case, user):
        case.action_ask_approval()

    def _do_approve(self, case, user):
        approval = self._there(case.sudo().approval_id).with_user(user)
        approval._answer(True, "Fair.")

    def _do_refuse(self, case, user):
        if self.random.random() < 0.7:
            raise UserError("Thought better of it.")
        approval = self._there(case.sudo().approval_id).with_user(user)
        approval._answer(False, "Too much.")

    def _do_reject(self, case, user):
        if self.random.random() < 0.6:
            raise UserError("Thought better of it.")
        case._reject("Not ours.")

    def _do_withdraw(self, case, user):
        if self.random.random() < 0.6:
            raise UserError("Thought better of it.")
        if self.random.random() < 0.5:
            case.with_user(self.users["portal"])._portal_withdraw()
        else:
            case._withdraw_at_desk("She takes it back.")

    def _do_object(self, case, user):
        portal = case.with_user(self.users["portal"])
        portal._portal_object("error", "It was admitted.")

    def _do_look_again(self, case, user):
        appeal = self._there(case.sudo()._appeals()).with_user(user)[:1]
        appeal.action_review()
        appeal._answer("reversed", "There is an admission.")

    def _do_close(self, case, user):
        case.action_close()
