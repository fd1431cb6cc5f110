using Debyard.Repository.Identity;

namespace Debyard.Repository.Tests;

public sealed class RefSlugTests
{
    [Theory]
    [InlineData("main", "main")]
    [InlineData("feature/x", "feature-x")]
    [InlineData("Feature_X.1", "feature-x-1")]
    [InlineData("--a--b--", "a--b")]
    [InlineData("fix/ü😀!", "fix")]
    [InlineData("a😀b", "a-b")]
    public void It_is_what_GitLab_makes_of_the_ref(string gitRef, string slug) => Assert.Equal(slug, RefSlug.Of(gitRef).Value);

    /// <summary>The slugs are from Ruby 3.1: <c>ref.downcase[0..62].gsub(/[^a-z0-9]/, '-').gsub(/(\A-+|-+\z)/, '')</c>.</summary>
    [Theory]
    [InlineData("\u0130x", "i-x")]
    [InlineData("x\u0130y", "xi-y")]
    [InlineData("ab\u0130", "abi")]
    [InlineData("I\u0307x", "i-x")]
    [InlineData("\u0131x", "x")]
    [InlineData("Kelvin\u212Aa", "kelvinka")]
    [InlineData("\u212Bx", "x")]
    [InlineData("\u1E9Ex", "x")]
    [InlineData("\uFB01x", "x")]
    [InlineData("a\U00010400b", "a-b")]
    public void Letters_become_lower_case_as_in_Ruby(string gitRef, string slug) => Assert.Equal(slug, RefSlug.Of(gitRef).Value);

    [Fact]
    public void It_is_cut_after_the_change_to_lower_case()
    {
        Assert.Equal(string.Concat(Enumerable.Repeat("i-", 31)) + "i", RefSlug.Of(new string('\u0130', 40) + "b").Value);
        Assert.Equal(new string('a', 61) + "i", RefSlug.Of(new string('a', 61) + "\u0130b").Value);
    }

    [Fact]
    public void It_is_cut_to_63_and_stripped_after_that()
    {
        Assert.Equal(new string('a', 63), RefSlug.Of(new string('a', 70)).Value);
        Assert.Equal(new string('a', 62), RefSlug.Of(new string('a', 62) + "/b").Value);
    }

    [Theory]
    [InlineData("///")]
    [InlineData("")]
    [InlineData("api")]
    [InlineData("API")]
    public void A_ref_that_can_name_no_folder_is_refused(string gitRef) => Assert.Throws<BranchNameException>(() => RefSlug.Of(gitRef));

    [Fact]
    public void A_second_ref_with_the_slug_has_six_digits_of_its_hash() =>
        Assert.Equal("feature-x-c791eb", RefSlug.OfSecond("feature-x").Value);
}
