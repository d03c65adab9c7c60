import base64
import re
from datetime import datetime

import pytz
from markupsafe import Markup, escape

from odoo.tools import format_time, formatLang
from odoo.tools.image import image_data_uri

from ...tools import arabic, hijri, identity
from ...tools.qr import qr_svg

# WeasyPrint does not know `unicode-bidi`: the isolates are characters of the text.
_CODE = Markup('<bdi dir="ltr" class="npo_code">\u2066%s\u2069</bdi>')
_ISOLATED = Markup("<bdi>\u2068%s\u2069</bdi>")
_ARABIC_SEPARATORS = str.maketrans({",": "٬", ".": "٫"})
_PLACEHOLDER = re.compile(r"\{(\w+)\}")
_DEFAULT_COLOR = "#1d5c63"
# What a paper is about that holds the data of a beneficiary (R157).
_PERSONAL_FIELDS = {"partner_id", "beneficiary_id", "request_id"}
_PERSONAL_PAPERS = {"npo.committee.session", "npo.data.breach", "npo.household"}
_PUBLIC_PAPERS = {"npo.service", "npo.stakeholder.type"}


class PrintDocument:
    """What the template of a printed document asks for: ``npo_print(record)``.

    The language is the reader's: the contact's, else the association's. The record
    is offered again in that language, as ``record``; a template names it ``o``::

        <t t-set="p" t-value="npo_print(o)"/>
        <t t-set="o" t-value="p.record"/>

    Dates and numbers follow the association's digits (``npo_digits``) in an Arabic
    document; what ``code`` returns (identity, phone, IBAN, reference) is always 0-9
    and left-to-right (glossary 30).
    """

    def __init__(self, record, partner=None, lang=None):
        self.company = self._find_company(record)
        self.partner = self._find_partner(record) if partner is None else partner
        language = self._find_language(record.env, lang)
        self.lang = language.code
        self.direction = language.direction
        self.is_arabic = self.lang.startswith("ar")
        self.record = record.with_context(lang=self.lang)
        self.company = self.company.with_context(lang=self.lang)
        self.partner = self.partner.with_context(lang=self.lang)
        self.env = self.record.env
        is_arabic_digits = self.is_arabic and self.company.npo_digits == "arabic"
        self.digits = "arabic" if is_arabic_digits else "latin"

    # ------------------------------------------------------------------
    # WHOSE DOCUMENT
    # ------------------------------------------------------------------

    @staticmethod
    def _find_company(record):
        """Return the association that prints, readable for whoever may read the record.

        A portal user may not read the company; its letterhead is public.
        """
        if record._name == "res.company" and record:
            return record.sudo()
        own = record.company_id if "company_id" in record._fields else None
        return (own or record.env.company).sudo()

    @staticmethod
    def _find_partner(record):
        """Return the contact the document is about, or none."""
        if record._name == "res.partner":
            return record
        if "partner_id" in record._fields:
            return record.partner_id
        return record.env["res.partner"]

    def _find_language(self, env, lang):
        """Return the first active language: asked for, the contact's, the company's."""
        partner_lang = self.partner.sudo().lang if self.partner else None
        languages = env["res.lang"].sudo()
        codes = (lang, partner_lang, self.company.partner_id.lang, env.lang)
        for code in filter(None, codes):
            if language := languages._get_data(code=code):
                return language
        return languages._get_data(code="en_US")

    # ------------------------------------------------------------------
    # LETTERHEAD
    # ------------------------------------------------------------------

    @property
    def color(self):
        """Return the association's colour, for rules and titles."""
        return self.company.primary_color or _DEFAULT_COLOR

    @property
    def logo(self):
        """Return the logo as a data URI; none for the placeholder that Odoo ships."""
        company = self.company
        if company.uses_default_logo or not company.partner_id.image_512:
            return None
        return image_data_uri(company.partner_id.image_512)

    @property
    def association(self):
        """Return the association's name in the language of the document."""
        company = self.company
        return company.name if self.is_arabic else company.npo_name_en or company.name

    @property
    def motto(self):
        """Return what stands below the name: acronym and slogan, where set (R015)."""
        company = self.company
        lines = (company.npo_acronym, company.npo_slogan)
        return [line for line in lines if line and line != self.association]

    @property
    def contact(self):
        """Return the ways to reach the association, for the footer."""
        company = self.company
        site = (company.website or "").removeprefix("https://").removeprefix("http://")
        ways = (company.phone, company.email, site.rstrip("/"))
        return [self.code(way) for way in ways if way]

    @property
    def classification(self):
        """Return how far the paper may be told, in words (R157)."""
        field = self.env["npo.classified.mixin"]._fields["classification"]
        return dict(field._description_selection(self.env))[self._level()]

    def _level(self):
        """Return the level of the record; else what its kind of paper stands for."""
        model, own = self.record._name, self.record._fields
        if "classification" in own and self.record:
            return self.record.sudo().classification or "internal"
        if model == "npo.policy.version":
            return "public" if self.record.sudo().policy_id.is_published else "internal"
        if model in _PUBLIC_PAPERS:
            return "public"
        if model in _PERSONAL_PAPERS or not _PERSONAL_FIELDS.isdisjoint(own):
            return "confidential"
        return "internal"

    # ------------------------------------------------------------------
    # TEXT
    # ------------------------------------------------------------------

    def number(self, value):
        """Return a number or a text in the digits of the document."""
        text = "" if value is None or value is False else str(value)
        return arabic.to_arabic_digits(text) if self.digits == "arabic" else text

    def amount(self, value, currency):
        """Return money in the digits of the document, kept in one piece.

        A whole amount goes without its zeros; the currency is a word in Arabic, where
        a Latin abbreviation would stand on the wrong side of the number.
        """
        is_whole = currency.is_zero(value - round(value))
        places = 0 if is_whole else currency.decimal_places
        text = self.number(formatLang(self.env, value, digits=places))
        if self.digits == "arabic":
            text = text.translate(_ARABIC_SEPARATORS)
        if not self.is_arabic:
            return _ISOLATED % f"{currency.name}\u00a0{text}"
        name = currency.with_context(lang=self.lang).currency_unit_label
        return _ISOLATED % f"{text}\u00a0{name or currency.name}"

    def code(self, value):
        """Return an identifier as it is dialled or typed: 0-9, left to right."""
        return _CODE % arabic.to_latin_digits(value or "") if value else ""

    def masked(self, value):
        """Return an identifier with all but its last four characters hidden."""
        return self.code(identity.mask(value)) if value else ""

    def quantity(self, value):
        """Return a quantity without the zeros behind its point, in its digits."""
        return self.number(f"{value:.4f}".rstrip("0").rstrip(".") if value else "0")

    def figure(self, value):
        """Return a number with its thousands apart, at most two places behind it."""
        if isinstance(value, float):
            value = f"{value:,.2f}".rstrip("0").rstrip(".")
        return self.number(f"{value:,}" if isinstance(value, int) else value)

    def gendered(self, text, partner=None):
        """Return the text with its ``{masculine|feminine}`` words resolved."""
        person = self.partner if partner is None else partner
        return arabic.gendered(text, person and person.sudo().npo_gender)

    def text(self, template, **values):
        """Return a whole sentence: gendered, its ``{placeholders}`` filled.

        A sentence is translated in one piece, so that each language has its own
        order; what is filled in is escaped, and keeps its own direction.
        """

        def fill(match):
            value = values.get(match[1])
            if value is None:
                return match[0]
            return value if isinstance(value, Markup) else _ISOLATED % value

        # The body of a `t-set` renders when it is asked for its markup.
        sentence = self.gendered(escape(template)).strip()
        return Markup(_PLACEHOLDER.sub(fill, sentence))

    # ------------------------------------------------------------------
    # DATES
    # ------------------------------------------------------------------

    def day(self, value):
        """Return the calendar day of a date or of a moment (stored in UTC)."""
        if not isinstance(value, datetime):
            return value or None
        zone = pytz.timezone(self.company._npo_tz())
        return pytz.utc.localize(value).astimezone(zone).date()

    @property
    def today(self):
        """Return the date of today where the association works."""
        return self.company._npo_today()

    def hijri(self, value):
        """Return the Hijri date; "" outside 1343-1500 AH."""
        return self._unbroken(hijri.format_hijri, value)

    def gregorian(self, value):
        """Return the Gregorian date, its month as a word."""
        return self._unbroken(hijri.format_gregorian, value)

    def both(self, value):
        """Return the date in both calendars (D08); a line breaks between them only."""
        text = hijri.format_both(self.day(value), self.lang, self.digits)
        for date in filter(None, (self.hijri(value), self.gregorian(value))):
            text = text.replace(date.replace("\u00a0", " "), date)
        return text

    def clock(self, value):
        """Return the time of the day of a moment, where the association works."""
        if not value:
            return ""
        zone = self.company._npo_tz()
        text = format_time(self.env, value, tz=zone, time_format="HH:mm")
        return _CODE % self.number(text)

    def _unbroken(self, format_date, value):
        """Return a date without a place where the line could break."""
        text = format_date(self.day(value), self.lang, self.digits)
        return text.replace(" ", "\u00a0")

    # ------------------------------------------------------------------
    # IMAGES
    # ------------------------------------------------------------------

    def image(self, value):
        """Return an image field's value as a data URI."""
        return image_data_uri(value) if value else None

    def qr(self, address):
        """Return a QR code as the data URI of a drawing."""
        drawing = base64.b64encode(qr_svg(address).encode()).decode()
        return f"data:image/svg+xml;base64,{drawing}"

    @property
    def centre_address(self):
        """Return the address of the service centre's page: follow, complain, rate."""
        return f"{self.record.get_base_url()}/service-centre"

    @property
    def portal_address(self):
        """Return the address of the record's portal page, without its access token.

        Paper is left lying about: whoever finds a letter must still sign in.
        """
        record = self.record
        if not record or not getattr(record, "access_url", False):
            return None
        return record.get_base_url() + record.access_url
