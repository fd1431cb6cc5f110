using Debyard.Pipeline.Dockerfiles;

namespace Debyard.Pipeline.Tests.Dockerfiles;

public class DockerfileInstructionTests
{
    [Fact]
    public void Continued_lines_are_one_instruction_and_comments_are_none() =>
        Assert.Equal(
            [new(2, "FROM", "debian"), new(3, "RUN", "one && two"), new(8, "CMD", "three")],
            Parse("# comment\nfrom debian\nRUN one \\\n  # why\n\n   && two\n\nCMD three")
        );

    [Fact]
    public void Another_escape_character_is_understood() =>
        Assert.Equal([new(2, "RUN", "one two"), new(4, "RUN", "three\\")], Parse("# escape=`\nRUN one`\n two\nRUN three\\"));

    [Fact]
    public void A_here_document_belongs_to_its_instruction() =>
        Assert.Equal([new(1, "RUN", "<<EOF\nmake\ninstall"), new(5, "CMD", "x")], Parse("RUN <<EOF\nmake\ninstall\nEOF\nCMD x"));

    [Theory]
    [InlineData("COPY a b/ /dest/", "a b/")]
    [InlineData("COPY --chown=1:1 a /dest/", "a")]
    [InlineData("COPY [\"a\", \"b\", \"/dest/\"]", "a b")]
    [InlineData("COPY --from=other a /dest/", "")]
    [InlineData("RUN cp a b", "")]
    public void What_is_copied_from_the_context_is_known(string line, string sources) =>
        Assert.Equal(sources, string.Join(' ', Assert.Single(Parse(line)).Sources));

    static IEnumerable<DockerfileInstruction> Parse(string text) => DockerfileInstruction.Parse(text.Split('\n'));
}
