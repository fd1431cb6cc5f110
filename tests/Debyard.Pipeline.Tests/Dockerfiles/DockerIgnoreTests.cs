using Debyard.Pipeline.Dockerfiles;

namespace Debyard.Pipeline.Tests.Dockerfiles;

public class DockerIgnoreTests
{
    [Theory]
    // Anchored at the folder's root, unlike .gitignore.
    [InlineData("README.md", "README.md", true)]
    [InlineData("README.md", "docs/README.md", false)]
    [InlineData("/README.md", "README.md", true)]
    [InlineData("**/README.md", "README.md", true)]
    [InlineData("**/README.md", "docs/deep/README.md", true)]
    // What is under an ignored folder is ignored.
    [InlineData("build", "build/a/b.o", true)]
    [InlineData("build/", "build/a.o", true)]
    [InlineData("build", "rebuild/a.o", false)]
    // Stars stop at slashes, two do not.
    [InlineData("*.o", "a.o", true)]
    [InlineData("*.o", "src/a.o", false)]
    [InlineData("**/*.o", "src/deep/a.o", true)]
    [InlineData("src/**", "src/deep/a.o", true)]
    [InlineData("src/?.o", "src/a.o", true)]
    [InlineData("src/?.o", "src/ab.o", false)]
    [InlineData("[ab].c", "b.c", true)]
    [InlineData("[^ab].c", "b.c", false)]
    // The last match decides.
    [InlineData("*\n!keep", "keep", false)]
    [InlineData("*\n!keep", "other", true)]
    [InlineData("docs\n!docs/keep.md", "docs/keep.md", false)]
    [InlineData("!keep\nkeep", "keep", true)]
    // Comments and blank lines say nothing; a dot is only a dot.
    [InlineData("# README.md\n\n", "README.md", false)]
    [InlineData("a.c", "abc", false)]
    [InlineData("./a.c", "a.c", true)]
    [InlineData("x/../a.c", "a.c", true)]
    public void A_path_is_ignored_by_docker_rules(string patterns, string path, bool ignored) =>
        Assert.Equal(ignored, DockerIgnore.Parse(patterns).Ignores(path));
}
