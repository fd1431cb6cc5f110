using Debyard.Debian.Control;
using FsCheck.Fluent;

namespace Debyard.Debian.Tests;

public sealed class StanzaTests
{
    [Fact]
    public void A_rendered_stanza_parses_to_the_same_stanza() =>
        Generated.Holds(Generated.Stanza, stanza => Assert.Equal(stanza, Stanza.Parse(stanza.ToString())));

    [Fact]
    public void Many_stanzas_are_parsed_from_one_file() =>
        Generated.Holds(
            Generated.Stanza.ListOf(),
            stanzas =>
            {
                var file = string.Join("\n\n", stanzas.Select(stanza => stanza.ToString()));
                Assert.Equal(stanzas, Stanza.ParseAll(new StringReader(file)));
            }
        );

    [Fact]
    public void Equal_content_has_equal_hashes_whatever_the_case_of_names()
    {
        var (left, right) = (Stanza.Parse("Package: ab\nversion: 1\n"), Stanza.Parse("package:ab\nVERSION:\t1  \n"));
        Assert.Equal(left, right);
        Assert.Equal(left.GetHashCode(), right.GetHashCode());
        Assert.NotEqual(left, left.With("Version", "2"));
        Assert.NotEqual(left, left.Without("Version"));
    }

    [Fact]
    public void A_changed_field_keeps_its_place_and_a_new_one_is_appended() =>
        Assert.Equal(
            "A: 1\nb: 3\nC:\n 1\n 2\nD:\n",
            Stanza.Parse("A: 1\nB: 2\nC:\n 1\n 2\n").Without("B").With("b", "3").Without("C").With("C", "\n 1\n 2").With("D", "").ToString()
        );

    [Fact]
    public void Lines_may_end_with_carriage_return_and_line_feed() =>
        Assert.Equal("A: 1\nB:\n 2\n", Stanza.Parse("A: 1\r\nB:\r\n 2\r\n\r\n").ToString());

    [Theory]
    [InlineData("1\nPackage: other")]
    [InlineData("1\n\nPackage: other")]
    [InlineData("1\n ")]
    [InlineData("1\n \t\n x")]
    [InlineData("1\r x")]
    [InlineData("1\n")]
    [InlineData(" 1")]
    [InlineData("1 ")]
    [InlineData("\0")]
    [InlineData("1\n \f\n x")]
    public void No_value_can_end_its_field(string value) =>
        Assert.Throws<DebianFormatException>(() => Stanza.Parse("A: 1\n").With("Description", value));

    [Theory]
    [InlineData("", "empty")]
    [InlineData("\n \n", "empty")]
    [InlineData("A: 1\n\nB: 2\n", "more than one")]
    [InlineData("A: 1\na: 2\n", "Line 2")]
    [InlineData("A: 1\nno colon\n", "Line 2")]
    [InlineData(" starts in the middle\n", "Line 1")]
    [InlineData(": no name\n", "Line 1")]
    [InlineData("A b: 1\n", "Line 1")]
    [InlineData("#A: 1\n", "Line 1")]
    [InlineData("-A: 1\n", "Line 1")]
    [InlineData("Ä: 1\n", "Line 1")]
    [InlineData("A: \0\n", "Line 1")]
    [InlineData("A: 1\n \v\n 2\n", "Line 2")]
    public void Text_that_is_not_a_stanza_is_refused_with_the_line(string text, string part) =>
        Assert.Contains(part, Assert.Throws<DebianFormatException>(() => Stanza.Parse(text)).Message, StringComparison.Ordinal);
}
