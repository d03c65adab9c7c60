from ..common import AssociationCommon


class VoiceCommon(AssociationCommon):
    """Requests that were answered, so that there is something to object to."""

    @classmethod
    def _decided(cls, decision="rejected", beneficiary=None, **vals):
        """Return a request whose decision the chair took and announced."""
        request = cls._advance(cls._new_request(beneficiary), "committee")
        chair = cls.users["chair"]
        request = request.with_user(chair)
        if decision == "rejected":
            reason = cls.env.ref("npo_relations.reason_rejection_no_need")
            vals.setdefault("decision_reason_id", reason.id)
        request._decide(decision, chair, **vals)
        request._approve_early_reply(
            cls.env.ref("npo_relations.reason_early_reply_simple")
        )
        request.action_announce()
        return request.sudo()

    @classmethod
    def _lodge(cls, decision, **vals):
        appeals = cls.env["npo.appeal"].with_user(cls.officer)
        given = {"ground": "error", "statement": "The income ended in Rajab.", **vals}
        lodger = given.pop("lodger", decision.partner_id)
        return appeals._lodge(decision, lodger, **given)
