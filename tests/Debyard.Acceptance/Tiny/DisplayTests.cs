namespace Debyard.Acceptance.Tiny;

/// <summary>What is shown while images are built: a table on a terminal, sections in a GitLab job, plain lines elsewhere.</summary>
[Collection("A published product")]
public sealed class DisplayTests(PublishedProduct published)
{
    [Fact]
    public async Task A_terminal_shows_what_is_being_built_for_how_long_and_at_which_step()
    {
        using var product = await ProductAsync();

        var outcome = await product.RunOnTerminalAsync("Extract");

        outcome.Succeeds(
            $"\e[?7l  {product.Library}/amd64   0:00  ",
            "  1 running, 0 waiting, 0 built",
            "\e[J",
            $"{product.Library}/amd64 built in"
        );
        await product.LeavesNothingAsync(outcome);
    }

    [Fact]
    public async Task A_pipe_gets_plain_lines()
    {
        using var product = await ProductAsync();
        product.Environment["TERM"] = "xterm";

        var outcome = await product.RunAsync("Extract");

        outcome.Succeeds($"{product.Library}/amd64 is being built: lib/content changed", $"{product.Library}/amd64 built in");
        Assert.DoesNotContain("\e[J", outcome.Output, StringComparison.Ordinal);
        Assert.DoesNotContain(" running, ", outcome.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_gitlab_job_has_a_section_for_each_image_even_on_a_terminal()
    {
        using var product = await ProductAsync();
        product.Environment["GITLAB_CI"] = "true";

        var outcome = await product.RunOnTerminalAsync("Extract");

        outcome.Succeeds(
            $":build_{product.Library}_amd64[collapsed=true]",
            $"{product.Library}/amd64: build output",
            $":build_{product.Library}_amd64"
        );
        Assert.DoesNotContain("\e[?7l", outcome.Output, StringComparison.Ordinal);
        Assert.Equal(1, outcome.Output.Split($":build_{product.Library}_amd64[").Length - 1);
    }

    async Task<TinyProduct> ProductAsync()
    {
        var product = await published.Product.CopyAsync();
        product.Write("lib/content", $"{Guid.NewGuid()}\n");
        return product;
    }
}
