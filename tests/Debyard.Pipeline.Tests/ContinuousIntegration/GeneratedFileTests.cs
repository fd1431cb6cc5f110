using Debyard.Pipeline.ContinuousIntegration;

namespace Debyard.Pipeline.Tests.ContinuousIntegration;

public sealed class GeneratedFileTests : IDisposable
{
    readonly TemporaryFolder folder = new();

    string File => folder[".gitlab-ci.yml"];

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData("one\ntwo\nthree\n", ".gitlab-ci.yml:2 is", "committed: two", "generated: 2")]
    [InlineData("one\n2\n", ".gitlab-ci.yml:3 is", "committed: \n", "generated: three")]
    [InlineData("one\n2\nthree\nfour\n", ".gitlab-ci.yml:4 is", "committed: four", "generated: \n")]
    [InlineData("one\n2\nthree", ".gitlab-ci.yml:4 is", "committed: (end of file)", "GenerateCi")]
    public void The_first_line_that_differs_is_named(string committed, params string[] words)
    {
        folder.Write(".gitlab-ci.yml", committed);

        var message = Assert.Throws<PipelineException>(() => GeneratedFile.RequireCurrent(File, "one\n2\nthree\n")).Message;

        Assert.All(words, word => Assert.Contains(word, message));
    }

    [Fact]
    public void A_missing_file_is_named()
    {
        var message = Assert.Throws<PipelineException>(() => GeneratedFile.RequireCurrent(File, "one\n")).Message;

        Assert.Equal("There is no .gitlab-ci.yml. Run `./build.sh GenerateCi` and commit the file.", message);
    }

    [Fact]
    public void A_file_is_written_only_if_it_differs()
    {
        Assert.True(GeneratedFile.Update(File, "one\n"));
        GeneratedFile.RequireCurrent(File, "one\n");
        Assert.False(GeneratedFile.Update(File, "one\n"));
        Assert.Equal([File], Directory.GetFiles(folder.Path));
    }
}
