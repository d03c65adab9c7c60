from odoo import fields, models

from .assessment import CURRENT_STATES

# How far the calls came, the furthest last.
OUTREACH_ORDER = ("to_call", "unreachable", "called", "declined", "agreed", "opened")


class NpoBeneficiary(models.Model):
    """What one person has once, when both files have it: decided before all moves.

    A model decides for its own records in `_before_merge(kept, gone)` and returns a
    sentence for each decision. The review tells the same sentences beforehand: it
    lets the models decide, and takes it back.
    """

    _inherit = "npo.beneficiary"

    def _decide_once(self, gone):
        """Let each model decide on what both files have; return the sentences."""
        self.env.flush_all()
        sentences = []
        for name in sorted(self.env.registry):
            model = self.env[name]
            if hasattr(model, "_before_merge") and not model._abstract:
                sentences += model.sudo()._before_merge(self, gone)
        self.env.flush_all()
        return sentences

    def _merge_notes(self, other):
        """Return what would be decided by merging the other file into this one."""
        kept, gone = self.sudo(), other.sudo()
        savepoint = self.env.cr.savepoint()
        try:
            return kept._decide_once(gone)
        finally:
            savepoint.close(rollback=True)


class NpoConsent(models.Model):
    _inherit = "npo.consent"

    def _before_merge(self, kept, gone):
        """The last word counts: the newest agreement, or the withdrawal after it."""
        sentences = []
        if kept.partner_id == gone.partner_id:
            return sentences
        consents = self.search(
            [("partner_id", "in", (kept.partner_id | gone.partner_id).ids)]
        )
        for (purpose, _company), own in consents.grouped(
            lambda consent: (consent.purpose_id, consent.company_id)
        ).items():
            current = own.filtered("is_current").sorted("date_given")
            ended = own.filtered("date_withdrawn").sorted("date_withdrawn")[-1:]
            if current and ended and ended.date_withdrawn > current[-1].date_given:
                current._withdraw(ended.withdrawn_method, ended.withdrawn_witness)
                sentences.append(self.env._("Withdrawn on one: %s", purpose.name))
            elif len(current) > 1:
                current[:-1].write({"date_replaced": fields.Datetime.now()})
                sentences.append(self.env._("Agreed on both: %s", purpose.name))
        return sentences


class NpoAssessment(models.Model):
    _inherit = "npo.assessment"

    def _before_merge(self, kept, gone):
        """The newer study in force replaces the other; the later draft goes on."""
        studies = self.search([("beneficiary_id", "in", (kept | gone).ids)])
        current = studies.filtered(lambda study: study.state in CURRENT_STATES)
        drafts = studies.filtered(lambda study: study.state == "draft")
        sentences = []
        if len(current) > 1:
            older, newer = current.sorted(lambda study: (study.date, study.id))
            older.write({"state": "superseded"})
            newer.write({"previous_id": newer.previous_id.id or older.id})
            sentences.append(
                self.env._(
                    "%(newer)s is the study in force; it replaces %(older)s.",
                    newer=newer.name,
                    older=older.name,
                )
            )
        if len(drafts) > 1:
            older, newer = drafts.sorted(lambda study: (study.write_date, study.id))
            older.write({"active": False})
            sentences.append(
                self.env._(
                    "%(newer)s is written on; %(older)s is archived.",
                    newer=newer.name,
                    older=older.name,
                )
            )
        return sentences


class NpoHouseholdMember(models.Model):
    _inherit = "npo.household.member"

    def _before_merge(self, kept, gone):
        """Twice in one family: one line ends. In two families: `_check_merge`."""
        current = self.search(
            [
                ("partner_id", "in", (kept.partner_id | gone.partner_id).ids),
                ("company_id", "=", kept.company_id.id),
                ("is_current", "=", True),
            ]
        )
        if len(current) < 2:
            return []
        stays = current.filtered("is_head") or current.filtered(
            lambda member: member.partner_id == kept.partner_id
        )
        (current - stays).write(
            {
                "date_to": max(
                    fields.Date.context_today(self), *current.mapped("date_from")
                )
            }
        )
        return [
            self.env._(
                "The person is once a member of %s from now on.",
                stays.household_id.reference,
            )
        ]


class NpoOutreach(models.Model):
    _inherit = "npo.outreach"

    def _before_merge(self, kept, gone):
        """One proposal of a rule in a period: the one whose calls came further."""
        proposals = self.search([("beneficiary_id", "in", (kept | gone).ids)])
        sentences = []
        for (rule, _period), own in proposals.grouped(
            lambda one: (one.rule_id, one.period)
        ).items():
            if len(own) < 2:
                continue
            behind, ahead = own.sorted(
                lambda one: (OUTREACH_ORDER.index(one.state), one.call_count, one.id)
            )
            notes = [note for note in (ahead.note, behind.note) if note]
            ahead.write(
                {
                    "note": "\n".join(notes) or False,
                    "call_count": ahead.call_count + behind.call_count,
                }
            )
            behind.unlink()
            sentences.append(self.env._("Proposed on both: %s", rule.name))
        return sentences
