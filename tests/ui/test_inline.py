from postpurchase.ui.inline import inline_classes


def test_each_class_gets_the_style_it_stands_for_in_the_order_of_the_stylesheet() -> None:
    html = inline_classes('<p class="b a">x</p>', ".a { margin: 0 } .b { margin: 4px; color: red; }")

    assert html == '<p class="b a" style="margin: 0; margin: 4px; color: red">x</p>'


def test_a_brand_property_becomes_a_template_variable() -> None:
    assert inline_classes('<a class="c">', ".c { color: var(--link-dark) }") == '<a class="c" style="color: {{ brand.link_dark }}">'


def test_template_tags_stay_where_they_stand() -> None:
    source = '<table>{% for x in y %}<tr><td class="a">{{ x }}</td></tr>{% endfor %}</table>'

    html = inline_classes(source, ".a { padding: 0 }")

    assert html == '<table>{% for x in y %}<tr><td class="a" style="padding: 0">{{ x }}</td></tr>{% endfor %}</table>'


def test_an_unknown_class_and_a_comment_are_left_alone() -> None:
    assert inline_classes('<i class="z">', "/* .z { color: red } */ .a { margin: 0 }") == '<i class="z">'
