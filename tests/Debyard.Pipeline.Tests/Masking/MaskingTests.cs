using Debyard.Pipeline.Display;
using Debyard.Pipeline.Masking;
using Debyard.Pipeline.Processes;

namespace Debyard.Pipeline.Tests.Masking;

public sealed class MaskingTests : IDisposable
{
    const string Secret = "glpat-s3cr3t+value";

    readonly Workspace workspace = new();

    public void Dispose() => workspace.Dispose();

    [Theory]
    [InlineData("token=glpat-s3cr3t+value;", "token=[MASKED];")]
    [InlineData("http://user:glpat-s3cr3t%2Bvalue@host/", "http://user:[MASKED]@host/")]
    [InlineData("glpat-s3cr3t+valueglpat-s3cr3t+value", "[MASKED][MASKED]")]
    [InlineData("glpat-s3cr3t+valu", "glpat-s3cr3t+valu")]
    public void A_secret_is_masked_wherever_it_stands(string text, string masked) => Assert.Equal(masked, MaskOf(Secret).Apply(text));

    [Fact]
    public void A_secret_that_contains_another_is_masked_as_a_whole() =>
        Assert.Equal("[MASKED]", MaskOf("glpat-s3cr3t", Secret).Apply(Secret));

    [Fact]
    public void Each_line_of_a_secret_is_masked() =>
        Assert.Equal("[MASKED] and [MASKED]", MaskOf("first-line\nsecond-line\n").Apply("second-line and first-line"));

    [Fact]
    public void A_short_value_is_no_secret() => Assert.Equal("main", MaskOf("main").Apply("main"));

    [Fact]
    public void A_secret_written_in_pieces_is_masked()
    {
        for (var cut = 0; cut <= Secret.Length; cut++)
        {
            var output = new StringWriter();
            using (var writer = new MaskingWriter(output, MaskOf(Secret)) { NewLine = "\n" })
            {
                writer.Write("the token ");
                writer.Write(Secret[..cut]);
                writer.Flush();
                writer.Write(Secret[cut..].ToCharArray(), 0, Secret.Length - cut);
                writer.WriteLine('.');
            }
            Assert.Equal("the token [MASKED].\n", output.ToString());
        }
    }

    [Fact]
    public void What_only_begins_like_a_secret_is_written_in_the_end()
    {
        var output = new StringWriter();
        using (var writer = new MaskingWriter(output, MaskOf(Secret)))
        {
            writer.Write("ends with glpat");
            Assert.Equal("ends with ", output.ToString());
        }
        Assert.Equal("ends with glpat", output.ToString());
    }

    [Fact]
    public async Task A_build_s_log_its_last_lines_and_the_command_of_a_failed_build_have_no_secret()
    {
        using var log = BuildLog.Create(workspace.Image("player-zip/amd64"), workspace.Path, MaskOf(Secret));
        var command = new CommandLine("sh", ["-c", $"echo using {Secret}; exit 3"]);

        var failure = await Assert.ThrowsAsync<PipelineException>(() => log.RunAsync(command, CancellationToken.None));

        Assert.Contains("| using [MASKED]", failure.Message);
        Assert.Contains("echo using [MASKED]; exit 3", failure.Message);
        Assert.DoesNotContain(Secret, failure.Message);
        Assert.DoesNotContain(Secret, string.Join('\n', log.Lines.Last));
        log.Dispose();
        Assert.DoesNotContain(Secret, await File.ReadAllTextAsync(log.Path));
    }

    static SecretMask MaskOf(params string[] secrets)
    {
        var mask = new SecretMask();
        foreach (var secret in secrets)
        {
            mask.Add(secret);
        }
        return mask;
    }
}
