"""Boxes between paragraphs, and what follows them."""

from worker.cleaning.boxes import find_boxes
from worker.cleaning.shape import Line, shape
from worker.formats.text import line_blocks

PROSE = "The harvest came to nine million tonnes this year, the statistics office said on Monday."
FORM = ["Get the news delivered straight to your inbox.", "Your email", "OK"]


def boxed(*blocks: list[str]) -> list[str]:
    lines = lines_of(*blocks)
    return [lines[index].text for index in sorted(find_boxes(lines))]


def lines_of(*blocks: list[str]) -> list[Line]:
    text = "\n\n".join("\n".join(block) for block in blocks)
    return [line for block in line_blocks(text) if (line := shape(block))]


def test_a_form_between_paragraphs_is_a_box_with_its_button() -> None:
    assert boxed([PROSE], [PROSE], FORM, [PROSE], [PROSE]) == FORM


def test_a_form_below_the_text_is_no_box() -> None:
    assert boxed([PROSE], [PROSE], FORM, [PROSE], ["12 Comments"], [PROSE], [PROSE]) == []


def test_links_below_a_label_are_a_box_even_where_one_asks() -> None:
    links = ["Read more:", "How long is the wait for bread in the valley?", "Mills stand still"]
    assert boxed([PROSE], [PROSE], links, [PROSE], [PROSE]) == links


def test_a_label_close_above_running_text_is_no_list_of_links() -> None:
    assert boxed([PROSE], [PROSE], ["Read more:", PROSE], [PROSE], [PROSE]) == []


def test_where_no_blank_lines_part_paragraphs_only_the_told_line_is_a_box() -> None:
    assert boxed([PROSE, PROSE, "Advertisement", PROSE, PROSE]) == ["Advertisement"]
