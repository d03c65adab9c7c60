from datetime import timedelta

from odoo import models

from .demo_loader import NpoDemo as Base

# Key -> who it is, the office, what about.
OFFICIALS = {
    "manager": ("المدير العام", "الاعتراضات، والشراكات، وما لم يجد حلاً لدى الأقسام."),
    "researcher": ("البحث الاجتماعي", "نتيجة دراسة الحالة، وما يؤثر في الاستحقاق."),
}
SUBJECTS = (
    "رفض طلب الدعم",
    "شرح ظروف الأسرة",
    "تأجيل استلام الخدمة",
    "مقترح شراكة مع حي المحبة",
    "متابعة وعد سابق",
)


class NpoDemo(models.AbstractModel):
    """Officials who can be met, and appointments in each state."""

    _inherit = Base._name

    def _load_appointments(self, code, company):
        """Let people ask for appointments, and officials answer."""
        self = self.with_company(company)
        if self._find(f"demo_official_manager_{code}"):
            return
        site = self.env["npo.site"]._default_for(company)
        officials = self._ensure(
            "npo.official",
            {
                f"demo_official_{role}_{code}": {
                    "title": title,
                    "subjects": subjects,
                    "user_id": self._find(f"demo_user_{role}_{code}").id,
                    "site_id": site.id,
                    "company_id": company.id,
                }
                for role, (title, subjects) in OFFICIALS.items()
            },
        )
        files = self.env["npo.beneficiary"].search([("company_id", "=", company.id)])
        official = officials[f"demo_official_manager_{code}"]
        made = self._ask_for(official, files.partner_id, code)
        made[0].with_user(official.user_id).action_confirm()
        made[1].with_user(official.user_id).action_confirm()
        made[2].with_user(official.user_id)._propose(
            official._free_slots()[official][0][0]
        )
        self._hold(made[0], made[1], company)

    def _ask_for(self, official, people, code):
        """Return appointments, three with a time and one without."""
        officer = self._find(f"demo_user_officer_{code}")
        made = []
        for number, subject in enumerate(SUBJECTS):
            vals = {
                "partner_id": people[number % len(people)].id,
                "subject": subject,
                "source": "portal" if number > 1 else "counter",
                "wishes": "بعد الظهر من الأحد إلى الثلاثاء." if number == 4 else False,
            }
            # one every few hours, so that days are neither empty nor full
            slots = official._free_slots()[official]
            start = slots[(number * 5) % len(slots)][0] if number < 4 else None
            made.append(
                self.env["npo.appointment"]
                .with_user(officer)
                ._ask(official.with_user(officer), vals, start)
                .sudo()
            )
        return made

    def _hold(self, held, missed, company):
        """Let two appointments lie behind: one took place, to one nobody came."""
        week = timedelta(days=7)
        for appointment, state in ((held, "held"), (missed, "no_show")):
            appointment._calendar_event().unlink()
            appointment.write(
                {
                    "start": appointment.start - 4 * week,
                    "stop": appointment.stop - 4 * week,
                    "state": state,
                }
            )
        held.outcome = "أُعيد الطلب إلى الباحث لدراسة ما استجد من ظروف الأسرة."
