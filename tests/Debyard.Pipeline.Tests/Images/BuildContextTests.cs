using Debyard.Pipeline.Images;

namespace Debyard.Pipeline.Tests.Images;

/// <summary>The engine is sent a copy of what was fingerprinted, and nothing else.</summary>
public sealed class BuildContextTests : IDisposable
{
    readonly Workspace workspace = new();
    readonly TemporaryFolder copies = new();

    [Fact]
    public void A_copy_holds_what_is_fingerprinted_and_nothing_else()
    {
        workspace.Write("zip/.dockerignore", "*.md\n");
        workspace.Write("zip/README.md", "ignored");
        workspace.Write("zip/configure", "#!/bin/sh\n");
        File.SetUnixFileMode(Place("zip/configure"), (UnixFileMode)0b111_000_000);
        File.SetUnixFileMode(Place("zip/source/zip.c"), (UnixFileMode)0b110_000_000);
        File.SetLastWriteTimeUtc(Place("zip/source/zip.c"), DateTime.UnixEpoch.AddDays(1));
        File.CreateSymbolicLink(Place("zip/link"), "source/zip.c");
        Directory.CreateDirectory(Place("zip/empty"));
        var context = BuildContext.Read(workspace.Path, "zip");

        var copy = context.CopyTo(copies.Path);

        Assert.Equal(context.Inputs, copy.Inputs);
        Assert.Equal(
            ["zip", "zip/.dockerignore", "zip/Dockerfile", "zip/configure", "zip/link", "zip/source", "zip/source/zip.c"],
            Directory
                .EnumerateFileSystemEntries(copies.Path, "*", SearchOption.AllDirectories)
                .Select(path => Path.GetRelativePath(copies.Path, path))
                .Order(StringComparer.Ordinal)
        );
        Assert.Equal((UnixFileMode)0b111_101_101, File.GetUnixFileMode(copies["zip/configure"]));
        Assert.Equal((UnixFileMode)0b110_100_100, File.GetUnixFileMode(copies["zip/source/zip.c"]));
        Assert.Equal(DateTime.UnixEpoch.AddDays(1), File.GetLastWriteTimeUtc(copies["zip/source/zip.c"]));
        Assert.Equal("source/zip.c", new FileInfo(copies["zip/link"]).LinkTarget);
    }

    [Theory]
    [InlineData(null)]
    [InlineData(".dockerignore\n")]
    [InlineData("*\n!source\n")]
    public void Rules_that_are_no_input_have_no_say_in_what_an_image_is_made_of(string? ignored)
    {
        if (ignored is not null)
        {
            workspace.Write("zip/.dockerignore", ignored);
        }

        BuildContext.Read(workspace.Path, "zip").CopyTo(copies.Path);

        Assert.Equal(".dockerignore\nDockerfile\n", File.ReadAllText(copies["zip/.dockerignore"]));
    }

    public static TheoryData<string, Action<Workspace>> Edits =>
        new()
        {
            { "zip/source/zip.c changed", workspace => workspace.Write("zip/source/zip.c", "other") },
            {
                "zip/source/zip.c changed",
                workspace => File.SetUnixFileMode(Path.Combine(workspace.Path, "zip/source/zip.c"), (UnixFileMode)0b111_100_100)
            },
            { "zip/source/new.c is new", workspace => workspace.Write("zip/source/new.c", "") },
            { "zip/source/zip.c is gone", workspace => File.Delete(Path.Combine(workspace.Path, "zip/source/zip.c")) },
            { "zip/source/zip.c is gone", workspace => workspace.Write("zip/.dockerignore", ".dockerignore\nsource\n") },
            {
                "zip/Dockerfile:6 changed",
                workspace =>
                    workspace.Write(
                        "zip/Dockerfile",
                        File.ReadAllText(Path.Combine(workspace.Path, "zip/Dockerfile")).Replace("make", "true", StringComparison.Ordinal)
                    )
            },
        };

    [Theory]
    [MemberData(nameof(Edits))]
    public void What_was_edited_after_the_fingerprint_is_refused(string change, Action<Workspace> edit)
    {
        var context = workspace.Image("player-zip/amd64").Context!;
        Assert.NotEmpty(context.Inputs);

        edit(workspace);

        var refused = Assert.Throws<PipelineException>(() => context.CopyTo(copies.Path));
        Assert.StartsWith($"{change} during the run: ", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_no_input_may_change_meanwhile()
    {
        workspace.Write("zip/.dockerignore", ".dockerignore\n*.md\n");
        var context = BuildContext.Read(workspace.Path, "zip");
        var before = context.Inputs;

        workspace.Write("zip/README.md", "x");
        workspace.Write("zip/.dockerignore", ".dockerignore\n*.md\n*.txt\n");
        File.SetLastWriteTimeUtc(Place("zip/source/zip.c"), DateTime.UnixEpoch);

        Assert.Equal(before, context.CopyTo(copies.Path).Inputs);
    }

    [Theory]
    [InlineData("zip/link", "../codec/Dockerfile")]
    [InlineData("zip/source/link", "../../debyard.yml")]
    public void A_link_out_of_the_context_is_named(string link, string target)
    {
        File.CreateSymbolicLink(Place(link), target);

        var refused = Assert.Throws<PipelineException>(() => workspace.Image("player-zip/amd64").Fingerprint);

        Assert.Equal(
            $"{link} is a link to {target}, outside the build context, which is not sent to the engine. Put the file itself into zip.",
            refused.Message
        );
    }

    [Theory]
    [InlineData("zip/source/link", "../Dockerfile")]
    [InlineData("zip/link", "/etc/hostname")]
    public void A_link_within_the_context_or_for_the_image_is_an_input(string link, string target)
    {
        File.CreateSymbolicLink(Place(link), target);

        Assert.Contains(
            workspace.Image("player-zip/amd64").Fingerprint.Inputs,
            input => input.Source == link && input.Content == $"link {target}"
        );
    }

    string Place(string path) => Path.Combine(workspace.Path, path);

    public void Dispose()
    {
        workspace.Dispose();
        copies.Dispose();
    }
}
