using Nuke.Common.IO;

namespace Debyard.Nuke.Tests;

public sealed class AbsolutePathTests : IDisposable
{
    readonly TemporaryFolder folder = new();

    AbsolutePath Root => folder.Path;

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData("/a/b", "c", "/a/b/c")]
    [InlineData("/a/b/", "../c/./d/", "/a/c/d")]
    [InlineData("/", "a", "/a")]
    [InlineData("/a", "b\\c", "/a/b/c")]
    [InlineData("/a", "", "/a")]
    [InlineData("C:\\a", "b/c", "C:\\a\\b\\c")]
    public void Parts_are_joined_and_normalised(string left, string right, string path) => Assert.Equal(path, (AbsolutePath)left / right);

    [Fact]
    public void A_path_must_be_rooted() =>
        Assert.Equal("Path 'a/b' must be rooted", Assert.Throws<ArgumentException>(() => (AbsolutePath)"a/b").Message);

    [Fact]
    public void Nothing_leaves_the_root() => Assert.Throws<ArgumentException>(() => (AbsolutePath)"/a" / "../../b");

    [Fact]
    public void A_rooted_path_cannot_be_appended() => Assert.Throws<ArgumentException>(() => (AbsolutePath)"/a" / "/b");

    [Fact]
    public void It_knows_its_names_and_parent()
    {
        var path = (AbsolutePath)"/pool/lua_5.4.deb";
        Assert.Equal(
            ("lua_5.4.deb", "lua_5.4", ".deb", "/pool"),
            (path.Name, path.NameWithoutExtension, path.Extension, path.Parent.ToString())
        );
        Assert.Null(((AbsolutePath)"/").Parent);
        Assert.Equal(path, (AbsolutePath)"/pool/x/../lua_5.4.deb");
        Assert.Equal("\"/a b\"", $"{(AbsolutePath)"/a b":dn}");
    }

    [Fact]
    public void It_knows_the_way_to_another()
    {
        Assert.Equal("../c/d", ((AbsolutePath)"/a/b").GetRelativePathTo("/a/c/d"));
        Assert.True(((AbsolutePath)"/a").Contains("/a/b"));
        Assert.False(((AbsolutePath)"/a/b").Contains("/a/bc"));
    }

    [Fact]
    public void Files_are_written_with_their_folders_and_one_line_break_at_the_end()
    {
        var file = (Root / "a" / "b.txt").WriteAllText("text\n\n");
        Assert.True(file.FileExists());
        Assert.Equal("text\n", file.ReadAllText());
        file.UpdateText(text => text + "more");
        Assert.Equal(["text", "more"], file.ReadAllLines());
    }

    [Fact]
    public void Patterns_find_files_in_any_folder()
    {
        foreach (var name in new[] { "a.deb", "pool/b.deb", "pool/deep/c.deb", "pool/c.rpm", "pool/d.txt" })
            (Root / name).TouchFile();
        Assert.Equal(["a.deb"], Found("*.deb"));
        Assert.Equal(["a.deb", "b.deb", "c.deb"], Found("**/*.deb"));
        Assert.Equal(["b.deb", "c.rpm"], Found("pool/*.{deb,rpm}"));
        Assert.Equal(["c.deb", "c.rpm"], Found("**/[c].*"));
        Assert.Equal(["deep", "pool"], Root.GlobDirectories("**/*").Select(path => path.Name).Order());

        IEnumerable<string> Found(string pattern) => Root.GlobFiles(pattern).Select(path => path.Name).Order();
    }

    [Fact]
    public void A_folder_is_cleaned_by_making_it_anew()
    {
        (Root / "out" / "old").TouchFile();
        Assert.Empty((Root / "out").CreateOrCleanDirectory().GetFiles());
        (Root / "out").DeleteDirectory();
        Assert.False((Root / "out").DirectoryExists());
    }

    [Fact]
    public void Copies_respect_what_is_there()
    {
        (Root / "from" / "x").WriteAllText("new");
        (Root / "to" / "x").WriteAllText("old");
        Assert.ThrowsAny<Exception>(() => (Root / "from").Copy(Root / "to"));
        (Root / "from").Copy(Root / "to", ExistsPolicy.MergeAndSkip);
        Assert.Equal("old\n", (Root / "to" / "x").ReadAllText());
        (Root / "from").Copy(Root / "to", ExistsPolicy.MergeAndOverwrite);
        Assert.Equal("new\n", (Root / "to" / "x").ReadAllText());
    }
}
