"""The columns that the associations' registers have, as data (D16; no ORM).

For each register its columns: the field, how the cell is read, its title in Arabic
and English, what else people call it, an example of nobody. A column whose field is
not in the model is left out, so that a register grows with the product.
"""

from typing import NamedTuple

from .spreadsheet_reader import title_key


class Column(NamedTuple):
    """A column of a template.

    ``kind``: text, code, name, phone, date, bool, number, amount (not negative), choice
    (a selection), record (one of a list), records (several), or person (a file or
    family, by a number).
    """

    field: str
    kind: str
    ar: str
    en: str
    synonyms: tuple[str, ...] = ()
    example: str = ""
    required: bool = False
    sensitive: bool = False

    def title(self, lang: str | None) -> str:
        return self.ar if (lang or "").startswith("ar") else self.en


_PERSON = (
    Column(
        "name",
        "name",
        "الاسم الكامل",
        "Full name",
        (
            "الاسم",
            "اسم المستفيد",
            "اسم المستفيدة",
            "الاسم الرباعي",
            "الاسم الثلاثي",
            "اسم المستفيد رباعي",
            "name",
            "beneficiary name",
        ),
        "نورة مثال التجريبية",
        required=True,
    ),
    Column(
        "npo_first_name",
        "name",
        "الاسم الأول",
        "First name",
        ("الاسم الاول", "اسم أول", "first"),
    ),
    Column(
        "npo_father_name",
        "name",
        "اسم الأب",
        "Father's name",
        ("الأب", "الاسم الثاني", "اسم الوالد", "middle name"),
    ),
    Column(
        "npo_grandfather_name",
        "name",
        "اسم الجد",
        "Grandfather's name",
        ("الجد", "الاسم الثالث"),
    ),
    Column(
        "npo_family_name",
        "name",
        "اسم العائلة",
        "Family name",
        ("العائلة", "اللقب", "اسم القبيلة", "الاسم الرابع", "last name", "surname"),
    ),
    Column(
        "identity_type",
        "choice",
        "نوع الهوية",
        "Kind of identity",
        ("نوع الاثبات", "نوع وثيقة الهوية", "id type"),
        "هوية وطنية",
    ),
    Column(
        "identity_number",
        "code",
        "رقم الهوية",
        "Identity number",
        (
            "الهوية",
            "رقم الهوية الوطنية",
            "رقم السجل المدني",
            "السجل المدني",
            "رقم الهوية / الإقامة",
            "رقم الإقامة",
            "هوية المستفيد",
            "رقم هوية المستفيد",
            "رقم البطاقة",
            "id",
            "id number",
            "national id",
            "identity no",
        ),
        "1000000008",
        sensitive=True,
    ),
    Column(
        "birth_date",
        "date",
        "تاريخ الميلاد",
        "Date of birth",
        ("الميلاد", "ت الميلاد", "تاريخ الولادة", "birth date", "dob"),
        "1405/06/10",
    ),
)

BENEFICIARY = (
    *_PERSON,
    Column(
        "identity_expiry",
        "date",
        "تاريخ انتهاء الهوية",
        "Identity expires on",
        ("انتهاء الهوية", "صلاحية الهوية", "تاريخ نهاية الهوية", "id expiry"),
        "1450-01-01هـ",
        sensitive=True,
    ),
    Column(
        "npo_gender",
        "choice",
        "الجنس",
        "Gender",
        ("النوع", "ذكر/أنثى", "sex"),
        "أنثى",
    ),
    Column(
        "phone",
        "phone",
        "رقم الجوال",
        "Mobile",
        (
            "الجوال",
            "جوال",
            "جوال المستفيد",
            "رقم الهاتف",
            "الهاتف",
            "رقم التواصل",
            "رقم جوال المستفيد",
            "phone",
            "mobile number",
            "phone number",
        ),
        "0500000000",
    ),
    Column(
        "email",
        "text",
        "البريد الإلكتروني",
        "Email",
        ("الايميل", "البريد", "بريد إلكتروني", "e-mail", "mail"),
        "noura@example.com",
    ),
    Column(
        "iban",
        "code",
        "رقم الآيبان",
        "IBAN",
        ("الآيبان", "ايبان", "رقم الحساب البنكي", "الحساب البنكي", "رقم الايبان"),
        "",
        sensitive=True,
    ),
    Column(
        "city",
        "text",
        "المدينة",
        "City",
        ("مدينة السكن", "المحافظة", "مكان الإقامة", "town"),
        "مدينة مثال",
    ),
    Column("street2", "text", "الحي", "District", ("حي السكن", "اسم الحي"), "حي مثال"),
    Column(
        "street",
        "text",
        "العنوان",
        "Street",
        ("الشارع", "اسم الشارع", "address", "عنوان السكن"),
        "شارع مثال",
    ),
    Column(
        "zip",
        "code",
        "الرمز البريدي",
        "Postal code",
        ("رمز بريدي", "zip code", "zip"),
        "12345",
    ),
    Column(
        "short_address",
        "code",
        "العنوان الوطني المختصر",
        "Short national address",
        ("العنوان المختصر", "العنوان الوطني", "short address"),
        "RRRD2929",
    ),
    Column("region_id", "record", "المنطقة", "Region", ("المنطقة الإدارية",)),
    Column("site_id", "record", "الفرع", "Site", ("الموقع", "المركز", "branch")),
    Column(
        "primary_category_id",
        "record",
        "الفئة الرئيسة",
        "Main category",
        ("الفئة", "فئة المستفيد", "التصنيف", "نوع المستفيد", "تصنيف المستفيد"),
        sensitive=True,
    ),
    Column(
        "category_ids",
        "records",
        "الفئات",
        "Categories",
        ("فئات المستفيد", "التصنيفات"),
        sensitive=True,
    ),
    Column(
        "preferred_channel_id",
        "record",
        "قناة التواصل المفضلة",
        "Preferred channel",
        ("قناة التواصل", "طريقة التواصل"),
    ),
    Column(
        "ref",
        "text",
        "رقم الملف السابق",
        "Former file number",
        ("رقم الملف", "رقم المستفيد", "رقم الملف القديم", "file no", "reference"),
        "م-0001",
    ),
)

DOCUMENT = (
    Column(
        "beneficiary_id",
        "person",
        "هوية صاحب الملف أو رقم ملفه",
        "Person's identity or file number",
        (
            "رقم الهوية",
            "رقم هوية المستفيد",
            "رقم الملف",
            "السجل المدني",
            "هوية المستفيد",
            "identity number",
            "file number",
        ),
        "1000000008",
        required=True,
        sensitive=True,
    ),
    Column(
        "document_type_id",
        "record",
        "نوع المستند",
        "Document",
        ("المستند", "الوثيقة", "نوع الوثيقة", "اسم المستند", "document type"),
        required=True,
    ),
    Column(
        "number",
        "code",
        "رقم المستند",
        "Document number",
        ("رقم الوثيقة", "رقم الصك", "document no"),
        "0000",
        sensitive=True,
    ),
    Column(
        "issuer",
        "text",
        "جهة الإصدار",
        "Issued by",
        ("مصدر الوثيقة", "الجهة المصدرة", "issuer"),
        "جهة مثال",
    ),
    Column(
        "issue_date",
        "date",
        "تاريخ الإصدار",
        "Issued on",
        ("تاريخ المستند", "تاريخ الوثيقة", "issue date"),
        "1446/01/01",
    ),
    Column(
        "expiry_date",
        "date",
        "تاريخ الانتهاء",
        "Expires on",
        ("انتهاء الصلاحية", "صالح حتى", "expiry date"),
        "1450/01/01",
    ),
)

HOUSEHOLD = (
    Column(
        "head_id",
        "person",
        "هوية رب الأسرة أو رقم ملفه",
        "Identity or file number of the head",
        (
            "هوية رب الأسرة",
            "رقم هوية رب الأسرة",
            "رب الأسرة",
            "رقم الهوية",
            "رقم الملف",
            "السجل المدني",
            "head",
            "identity number",
        ),
        "1000000008",
        required=True,
        sensitive=True,
    ),
    Column(
        "other_income",
        "amount",
        "دخل الأسرة الشهري",
        "Monthly income of the family",
        ("دخل الأسرة", "إجمالي الدخل", "الدخل الشهري", "الدخل", "income"),
        "3000",
        sensitive=True,
    ),
    Column(
        "rent",
        "amount",
        "الإيجار الشهري",
        "Monthly rent",
        ("الإيجار", "إيجار السكن", "قيمة الإيجار", "rent"),
        "1000",
        sensitive=True,
    ),
    Column(
        "debt_instalments",
        "amount",
        "الأقساط الشهرية",
        "Monthly debt instalments",
        ("الأقساط", "أقساط الديون", "القروض", "instalments"),
        "0",
        sensitive=True,
    ),
    Column("site_id", "record", "الفرع", "Site", ("الموقع", "المركز", "branch")),
    Column("note", "text", "ملاحظات", "Note", ("ملاحظة", "الملاحظات", "notes"), ""),
)

MEMBER = (
    Column(
        "household_id",
        "person",
        "هوية رب الأسرة أو رقم الأسرة",
        "Identity of the head or number of the family",
        (
            "هوية رب الأسرة",
            "رقم هوية رب الأسرة",
            "رب الأسرة",
            "هوية العائل",
            "هوية المستفيد",
            "رقم هوية المستفيد",
            "رقم الأسرة",
            "رقم الملف",
            "family",
            "household",
        ),
        "1000000008",
        required=True,
        sensitive=True,
    ),
    Column(
        "relation",
        "choice",
        "صلة القرابة",
        "Relation to the head",
        ("القرابة", "الصلة", "صلة القرابة برب الأسرة", "صفته", "relation"),
        "ابن",
        required=True,
    ),
    *_PERSON,
    Column("gender", "choice", "الجنس", "Gender", ("النوع", "ذكر/أنثى", "sex"), "ذكر"),
    Column(
        "education",
        "choice",
        "المستوى التعليمي",
        "Education",
        ("التعليم", "المؤهل", "المرحلة الدراسية", "المؤهل العلمي"),
    ),
    Column("school", "text", "المدرسة", "School", ("اسم المدرسة", "جهة الدراسة")),
    Column(
        "employment",
        "choice",
        "الحالة الوظيفية",
        "Employment",
        ("العمل", "المهنة", "الوظيفة", "الحالة العملية", "job"),
    ),
    Column(
        "income",
        "amount",
        "الدخل الشهري",
        "Monthly income",
        ("الدخل", "الراتب", "دخل الفرد", "income"),
        "0",
        sensitive=True,
    ),
)

# What people write in a list's stead, beside the labels of the field itself.
_GENDERS = {
    "male": ("ذكر", "رجل", "م", "m", "man"),
    "female": ("أنثى", "انثي", "امرأة", "ف", "f", "woman"),
}
CHOICES = {
    "npo_gender": _GENDERS,
    "gender": _GENDERS,
    "relation": {
        "head": ("رب الأسرة", "ربة الأسرة", "العائل", "رب أسرة"),
        "wife": ("زوجة", "الزوجة", "زوجه"),
        "husband": ("زوج", "الزوج"),
        "son": ("ابن", "الابن", "ولد"),
        "daughter": ("ابنة", "بنت", "الابنة"),
        "father": ("أب", "الأب", "والد", "الوالد"),
        "mother": ("أم", "الأم", "والدة", "الوالدة"),
        "brother": ("أخ", "الأخ", "شقيق"),
        "sister": ("أخت", "الأخت", "شقيقة"),
        "grandchild": ("حفيد", "حفيدة"),
        "fosterling": ("محتضن", "محتضنة", "مكفول", "مكفولة"),
        "other": ("أخرى", "آخر", "غير ذلك"),
    },
    "education": {
        "illiterate": ("أمي", "أمية", "غير متعلم", "غير متعلمة"),
        "read_write": ("يقرأ ويكتب", "تقرأ وتكتب"),
        "primary": ("ابتدائي", "ابتدائية", "المرحلة الابتدائية"),
        "intermediate": ("متوسط", "متوسطة", "المرحلة المتوسطة"),
        "secondary": ("ثانوي", "ثانوية", "المرحلة الثانوية"),
        "diploma": ("دبلوم",),
        "bachelor": ("بكالوريوس", "جامعي", "جامعية", "ليسانس"),
        "postgraduate": ("دراسات عليا", "ماجستير", "دكتوراه"),
        "special_ed": ("تربية خاصة",),
        "kindergarten": ("روضة", "رياض أطفال", "تمهيدي"),
        "none_age": ("دون سن الدراسة", "دون السن", "طفل"),
    },
    "employment": {
        "employed_gov": ("موظف حكومي", "موظفة حكومية", "قطاع حكومي"),
        "employed_private": ("موظف قطاع خاص", "موظفة قطاع خاص", "قطاع خاص"),
        "military": ("عسكري", "عسكرية"),
        "retired": ("متقاعد", "متقاعدة"),
        "self_employed": ("أعمال حرة", "عمل حر"),
        "productive_family": ("أسرة منتجة",),
        "unemployed": ("عاطل", "عاطلة", "لا يعمل", "لا تعمل", "باحث عن عمل"),
        "student": ("طالب", "طالبة"),
        "homemaker": ("ربة منزل", "ربة بيت"),
        "unable": ("عاجز عن العمل", "عاجزة عن العمل", "غير قادر على العمل"),
    },
    "identity_type": {
        "national_id": ("هوية وطنية", "الهوية الوطنية", "سعودي", "بطاقة أحوال", "هوية"),
        "iqama": ("إقامة", "هوية مقيم", "مقيم", "رخصة إقامة", "هوية مقيم (إقامة)"),
        "gcc_id": ("هوية خليجية", "خليجي"),
        "passport": ("جواز سفر", "جواز", "الجواز"),
        "family_register": ("سجل الأسرة", "كرت العائلة", "بطاقة العائلة"),
        "birth_certificate": ("شهادة ميلاد", "شهادة الميلاد"),
        "border_no": ("رقم حدود", "رقم الحدود"),
        "displaced_card": ("بطاقة تنقل",),
        "other": ("أخرى", "اخرى"),
    },
}
# Parts of a name, in the order of the full name.
NAME_PARTS = (
    "npo_first_name",
    "npo_father_name",
    "npo_grandfather_name",
    "npo_family_name",
)


def titles_of(columns) -> dict[str, str]:
    """Return the field by each title that people give its column."""
    found = {}
    for column in columns:
        for title in (column.ar, column.en, column.field):
            found[title_key(title)] = column.field
    for column in columns:
        for title in column.synonyms:
            found.setdefault(title_key(title), column.field)
    return found


def match_titles(titles: dict[int, str], columns) -> dict[int, str]:
    """Return the field of each column of a sheet whose title is known.

    A field is given once: to the title that is exactly its own before any other.
    """
    known = titles_of(columns)
    own = {title_key(column.ar): column.field for column in columns}
    found, taken = {}, set()
    for names in (own, known):
        for index, title in titles.items():
            field = names.get(title_key(title)) or names.get(
                title_key(title.rpartition(" ")[0])
            )
            if field and field not in taken and index not in found:
                found[index] = field
                taken.add(field)
    return dict(sorted(found.items()))
