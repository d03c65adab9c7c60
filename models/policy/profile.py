import json
from pathlib import Path

from odoo import api, models
from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tools import file_path

ARABIC = "ar_001"
PROFILES = ("nbra", "masaken", "little_hearts", "ghimar", "harfa")

# Signatures that are fields of the version, by their group in the profile.
_VERSION_GROUPS = ("approval", "window", "switches", "flow", "wording", "print")


class ResCompany(models.Model):
    """Loading the profile of an association from its data file: R210.

    A profile states facts as its policy prints them; what the policy does not say is
    empty, or a default of the product and listed as such in the file. Loading is
    idempotent: what the association has already is left as it is, and a version that
    was approved is never touched.
    """

    _inherit = "res.company"

    @api.model
    def _npo_profile_names(self):
        """Return (code, name) of the profiles that can be applied."""
        arabic = (self.env.lang or "").startswith("ar")
        names = (
            (code, self._npo_read_profile(code)["association"]["name"])
            for code in PROFILES
        )
        return [(code, name["ar" if arabic else "en"]) for code, name in names]

    @api.model
    def _npo_read_profile(self, code):
        """Return the profile of a code, as its file holds it."""
        if code not in PROFILES:
            raise UserError(self.env._("There is no profile “%(code)s”.", code=code))
        path = file_path(f"npo_relations/data/profiles/{code}.json")
        return json.loads(Path(path).read_text(encoding="utf-8"))

    def _npo_apply_profile(self, code):
        """Load a profile into the association; the caller has checked who may.

        In sudo, for it writes the company, its calendars and its catalogue.

        :return: the version of the policy: in force when its approval is evidenced,
            else a draft (Annex D 9)
        """
        self.ensure_one()
        company = self.sudo().with_company(self).with_context(lang="en_US")
        if company.npo_profile_code not in (False, code):
            raise UserError(
                self.env._(
                    "%(association)s runs under the profile “%(code)s” already.",
                    association=self.name,
                    code=company.npo_profile_code,
                )
            )
        profile = self._npo_read_profile(code)
        if not company.npo_profile_code:
            company._npo_load_identity(code, profile["association"])
        company._npo_load_working_time()
        company._npo_load_places()
        company._npo_load_services(profile["services"])
        version = company._npo_load_policy(profile)
        return self.env["npo.policy.version"].browse(version.id)

    # ------------------------------------------------------------
    # PARTS OF A PROFILE
    # ------------------------------------------------------------

    def _npo_load_identity(self, code, association):
        """Write who the association is; what its policy does not say stays empty."""
        region = association["region"]
        region_id = False
        if region:
            region_id = (
                self.env["npo.region"].search([("code", "=", region["code"])]).id
            )
        self.write(
            {
                "name": association["name"]["ar"],
                "npo_name_en": association["name"]["en"],
                "npo_profile_code": code,
                "npo_short_name": association["short_name"],
                "npo_acronym": association["acronym"],
                "npo_slogan": association["slogan"],
                "npo_sector": association["sector"],
                "npo_region_id": region_id,
                "npo_license_no": association["license_no"],
                "npo_supervisor": association["supervisor"],
            }
        )

    def _npo_load_places(self):
        """Create the headquarters and an empty research committee where none is."""
        own = [("company_id", "=", self.id)]
        if not self.env["npo.site"].with_context(active_test=False).search_count(own):
            self._npo_create_named(
                "npo.site",
                [
                    {
                        "name": {"ar": "المقر الرئيسي", "en": "Headquarters"},
                        "code": "HQ",
                        "kind": "headquarters",
                        "region_id": self.npo_region_id.id,
                    }
                ],
            )
        committees = self.env["npo.committee"].with_context(active_test=False)
        if not committees.search_count(own):
            self._npo_create_named(
                "npo.committee",
                [{"name": {"ar": "لجنة البحث", "en": "Research Committee"}}],
            )

    def _npo_load_services(self, services):
        """Create the services of the catalogue that the association lacks."""
        known = self.env["npo.service"].with_context(active_test=False)
        codes = set(known.search([("company_id", "=", self.id)]).mapped("code"))
        types = self.env["npo.document.type"].search([])
        type_ids = {document_type.code: document_type.id for document_type in types}
        self._npo_create_named(
            "npo.service",
            [
                self._npo_service_vals(service, number * 10, type_ids)
                for number, service in enumerate(services, start=1)
                if service["code"] not in codes
            ],
        )

    @api.model
    def _npo_service_vals(self, service, sequence, type_ids):
        """Return the values of a service, with its lines of required documents."""
        documents = [
            *((code, True) for code in service["documents"]),
            *((code, False) for code in service["optional_documents"]),
        ]
        return {
            "name": service["name"],
            "code": service["code"],
            "kind": service["kind"],
            "sequence": sequence,
            "is_recurring": service["recurring"],
            "requires_research": service["research"],
            "target_days": service["target_days"],
            "conditions": service["conditions"],
            "main_output": service["output"],
            "document_line_ids": [
                Command.create(
                    {
                        "document_type_id": type_ids[code],
                        "is_mandatory": is_mandatory,
                        "sequence": number * 10,
                    }
                )
                for number, (code, is_mandatory) in enumerate(documents, start=1)
            ],
        }

    def _npo_load_policy(self, profile):
        """Create the policy and its first version, unless the association has one.

        :return: the version created, or the latest there is
        """
        policies = self.env["npo.policy"]
        policy = policies.search(
            [("company_id", "=", self.id), ("is_operating", "=", True)], limit=1
        )
        if policy.version_ids:
            return policy.current_version_id or policy.version_ids[0]
        if not policy:
            policy = self._npo_create_named(
                "npo.policy",
                [
                    {
                        **profile["policy"],
                        "is_operating": True,
                        "requirement_id": self._npo_relations_requirement().id,
                    }
                ],
            )
        version = self.env["npo.policy.version"].create(
            self._npo_version_vals(policy, profile)
        )
        self._npo_load_lines(version, profile)
        self._npo_load_clauses(version)
        if not version.is_evidence_missing:
            version._set_state("under_review")
            version._put_in_force()
        return version

    def _npo_version_vals(self, policy, profile):
        """Return the values of the version: its fields, tools and signatories."""
        version = profile["version"]
        fields_by_group = {
            name: value
            for group in _VERSION_GROUPS
            for name, value in version[group].items()
            if name != "approval_hijri"  # computed: the test compares it
        }
        return {
            "policy_id": policy.id,
            "title_as_approved": version["title_as_approved"],
            "version_label": version["version_label"],
            "version_noun": self._npo_version_noun(version["version_label"]),
            "approval_template": version["approval_template"],
            "declaration_text": version["declaration_text"],
            "note": "".join(f"<p>{note}</p>" for note in version["notes"]),
            "tool_ids": self._npo_load_tools(profile["tools"]).ids,
            "signatory_ids": [
                Command.create({"position": position, "sequence": number * 10})
                for number, position in enumerate(version["signatories"], start=1)
            ],
            **fields_by_group,
        }

    @api.model
    def _npo_version_noun(self, label):
        """Return the word that the document has for a version, where it says one."""
        nouns = {"النسخة": "copy", "الإصدار": "issue"}
        return next(
            (code for noun, code in nouns.items() if noun in (label or "")), False
        )

    @api.model
    def _npo_relations_requirement(self):
        """Return the required policy that the profiles' document is (P001)."""
        return self.env["npo.policy.requirement"].search(
            [("code", "=", "beneficiary_relations")], limit=1
        )

    def _npo_load_tools(self, tools):
        """Return the tools that the policy names, creating those that are missing."""
        model = self.env["npo.tool"].with_context(active_test=False)
        domain = [("company_id", "=", self.id)]
        known = {tool.code for tool in model.search(domain)}
        self._npo_create_named(
            "npo.tool",
            [
                {
                    "name": tool["name"],
                    "code": tool["code"],
                    "kind": tool["kind"],
                    "sequence": number * 10,
                    "origin": "policy",
                }
                for number, tool in enumerate(tools, start=1)
                if tool["code"] not in known
            ],
        )
        codes = [tool["code"] for tool in tools]
        return model.search([*domain, ("code", "in", codes)])

    def _npo_load_lines(self, version, profile):
        """Create the channels and the steps of a version, in the order of the file."""
        channels = self.env["npo.channel"].with_context(active_test=False).search([])
        channel_ids = {channel.code: channel.id for channel in channels}
        lines = [
            {
                "version_id": version.id,
                "name": line["name"],
                "kind": kind,
                "channel_ids": [channel_ids[code] for code in line["codes"]],
                "origin": line["origin"],
                "reason": line.get("reason", False),
            }
            for kind, key in (
                ("communication", "channels"),
                ("complaint", "complaint_channels"),
            )
            for line in profile[key]
        ]
        for number, line in enumerate(lines, start=1):
            line["sequence"] = number * 10
        self._npo_create_named("npo.policy.channel", lines)
        steps = [
            {
                "version_id": version.id,
                "name": step["name"],
                "stage_code": step["stage"],
                "origin": step["origin"],
                "sequence": number * 10,
            }
            for number, step in enumerate(profile["steps"], start=1)
        ]
        self._npo_create_named("npo.policy.step", steps)

    # ------------------------------------------------------------
    # NAMES IN TWO LANGUAGES
    # ------------------------------------------------------------

    def _npo_create_named(self, model, vals_list):
        """Create records whose names are given as {"ar": …, "en": …}.

        English is the source; Arabic is added where the language is installed, and the
        ORM writes it for all records at once.

        :return: the records, in the order of the values
        """
        records = self.env[model]
        if (
            "company_id" in records._fields
            and not records._fields["company_id"].related
        ):
            vals_list = [{**vals, "company_id": self.id} for vals in vals_list]
        records = records.create(
            [
                {
                    name: value["en"] if isinstance(value, dict) else value
                    for name, value in vals.items()
                }
                for vals in vals_list
            ]
        )
        if self.env["res.lang"]._get_data(code=ARABIC):
            arabic_records = records.with_context(lang=ARABIC)
            for record, vals in zip(arabic_records, vals_list, strict=True):
                record.update(
                    {
                        name: value["ar"]
                        for name, value in vals.items()
                        if isinstance(value, dict)
                    }
                )
        return records
