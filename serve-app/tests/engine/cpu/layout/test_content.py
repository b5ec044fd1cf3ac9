import pytest

from ocr_app.engine.cpu.layout.content import is_imprint, is_in_running_style, reads_like_content, states_fact

HEADS = [
    "CHAPTER 4 · DERIVATIVES",
    "Chapter 3 | Derivatives",
    "Chapter 3: Derivatives",
    "[Ch. XIX.",
    "Kapitel 3 Die Ableitung",
    "Section 3.12 Limits",
    "Appendix A",
    "第三章 导数",
    "J. Smith et al.",
    "Smith, Jones and Brown",
    "Smith & Jones / Journal of Cleaner Production 120 (2016) 1–12",
    "Annual Report 2023",
    "Jahresbericht 2023",
    "Notes to the Consolidated Financial Statements",
    "Climate Change 45",
    "The Price of Salt",
    "BRITISH HUSBANDRY.",
    "COASTAL LIGHTS QUARTERLY",
    "Title 18 – Crimes and Criminal Procedure",
    "May 2023",
    "arXiv:2301.00001v1 [cs.CL] 3 May 2023",
    "doi:10.1136/tc.2003.006676",
    "Tobacco Control 2004;13:447–453. doi: 10.1136/tc.2003.006676",
    "www.tobaccocontrol.com",
    "ISSN 1234-5678",
    "© 2023 Elsevier B.V. All rights reserved.",
    "Downloaded from https://academic.oup.com/ by guest on 14 March 2020",
    "Published as a conference paper at ICLR 2024",
    "Preprint. Under review.",
    "Nature | Vol 595 | 8 July 2021 | 181",
]

CONTENT = [
    # Parts of running text, and its entries.
    "before the frost came back for good.",
    "London.",
    "irre-",
    "He said it was over; nobody came,",
    "Is that so?",
    "4 The second winter",
    "* Doncaster Report, p. 8.",
    "- first point",
    "Page 3, continued on page 12",
    "Figure 3. The canal in winter",
    "IV",
    "IV. The second winter",
    # Keys and their values.
    "Reference AB-4471",
    "Invoice number 4711",
    "Invoice number",
    "Kundennummer 4711",
    "Rechnung Nr. 4711",
    "Order #22",
    "Room 101",
    "Name: Ngozi",
    "Plate YK21 ABC",
    "Bristol BS1 6XN",
    # Amounts and sums.
    "Total 12",
    "Sum",
    "Balance carried forward 12",
    "Change 3",
    "Amount due",
    "Gesamtbetrag 12",
    "合計 450",
    "€450.00",
    "1,250.00",
    "12 EUR",
    # Dates and times.
    "12 May 2025",
    "London, 12. Mai 2025",
    "May 12, 2025",
    "2025-05-12",
    "Doors 19:30",
    # How to pay, how to write.
    "Sort code 20-44-19, account 71930284",
    "IBAN DE89 3704 0044 0532 0130 00",
    "DE89 3704 0044 0532 0130 00",
    "VAT GB 884 2210 31",
    "info@halden.example",
    "+44 117 496 0123",
    "Marlow Ltd · www.marlow.co.uk · Tel 0117 496 0123",
    "14 Tannery Lane",
    # Letters and forms.
    "Dear Ms Thornbury,",
    "Yours sincerely,",
    "Director",
    "Signed: N. Okafor, Leeds, 20 May 2025",
    "_______________",
    "☐ Resident",
]


@pytest.mark.parametrize("text", HEADS)
def test_what_running_heads_say(text: str) -> None:
    assert not reads_like_content(text)


@pytest.mark.parametrize("text", CONTENT)
def test_what_no_running_head_says(text: str) -> None:
    assert reads_like_content(text)


def test_facts_are_told_from_sentences() -> None:
    assert states_fact("Invoice 4711")
    assert not states_fact("before the frost came back for good.")


def test_what_is_too_long_for_a_head_is_content() -> None:
    assert reads_like_content("A Title That Goes On " * 8)
    assert reads_like_content("© " * 200)
    assert not reads_like_content("  ")


@pytest.mark.parametrize("text", ["Annual Report 2023", "CHAPTER 4 · DERIVATIVES", "J. Smith et al.", "© 2023"])
def test_what_only_running_heads_look_like(text: str) -> None:
    assert is_in_running_style(text)


@pytest.mark.parametrize(
    "text", ["Colin Marlow", "The third winter", "Chapter 5", "Application for a permit", "PARKING"]
)
def test_what_titles_headings_and_names_look_like_too(text: str) -> None:
    assert not is_in_running_style(text)


def test_imprints() -> None:
    assert is_imprint("Downloaded from http://a.example/ on July 12, 2017")
    assert is_imprint("J. Smith et al.")
    assert not is_imprint("Annual Report 2023")
