namespace Debyard.Acceptance.Tiny;

/// <summary>Some images fail: what was good stays good, and what failed is told.</summary>
[Collection("A published product")]
public sealed class FailureTests(PublishedProduct published)
{
    [Fact]
    public async Task What_was_built_before_a_failure_is_kept()
    {
        using var product = Spoiled(await published.Product.CopyAsync(), "RUN mkdir", "RUN exit 7\nRUN mkdir");

        // The bad one goes second.
        product.Edit("debyard.yml", $"  {product.Library}-bad: {{ version: 1.0-1, context: bad }}\n", "");
        product.Edit("debyard.yml", "packages:", $"  {product.Library}-bad: {{ version: 1.0-1, context: bad }}\npackages:");

        var outcome = await product.RunAsync("Extract", "--jobs", "1");

        outcome.Refuses($"{product.Library}-bad/amd64 cannot be built.", $"{product.LibraryFile} extracted", "1 failed");
        await product.LeavesNothingAsync(outcome);
        product.Environment["DOCKER_HOST"] = $"unix://{product.Path}/no-engine.sock";
        (await product.RunAsync("Extract", "--only", product.Library)).Succeeds($"{product.Library}/amd64 unchanged");
    }

    [Fact]
    public async Task With_keep_going_all_failures_are_told_and_all_that_does_not_need_them_is_kept()
    {
        using var product = Spoiled(await published.Product.CopyAsync(), "RUN mkdir", "RUN exit 7\nRUN mkdir");
        // The good one comes last, after both failures.
        product.Edit("debyard.yml", $"  {product.Library}: {{ version: 1.0-1, context: lib }}\n", "");
        product.Edit(
            "debyard.yml",
            "packages:",
            $$"""
              {{product.Library}}-child: { version: 1.0-1, context: child, needs: [{{product.Library}}-bad] }
              {{product.Library}}-worse: { version: 1.0-1, context: worse }
              {{product.Library}}: { version: 1.0-1, context: lib }
            packages:
            """
        );
        var need = $"NEED_{product.Library.ToUpperInvariant().Replace('-', '_')}_BAD";
        product.Write("child/Dockerfile", $"ARG {need}\nFROM ${{{need}}}\nARG VERSION\n");
        product.Write("worse/Dockerfile", "ARG TOOLCHAIN\nFROM ${TOOLCHAIN}\nARG VERSION\nRUN exit 8\n");
        var outcome = await product.RunAsync("Extract", "--jobs", "1", "--keep-going");

        outcome.Refuses(
            $"{product.Library}-bad/amd64 cannot be built.",
            $"{product.Library}-worse/amd64 cannot be built.",
            $"Not built, because they need a failed image: {product.Library}-child/amd64.",
            $"{product.LibraryFile} extracted",
            "2 failed, 1 not built"
        );
        await product.LeavesNothingAsync(outcome);
    }

    [Fact]
    public async Task An_image_whose_package_is_bad_keeps_none_of_the_others_from_being_kept()
    {
        using var product = Spoiled(await published.Product.CopyAsync(), "/artifacts", "/elsewhere");

        var outcome = await product.RunAsync("Extract");

        outcome.Refuses($"{product.Library}-bad/amd64 has no folder /artifacts", $"{product.LibraryFile} extracted");
        await product.LeavesNothingAsync(outcome);
    }

    /// <summary>A library that has to be built again, and a bad one before it.</summary>
    static TinyProduct Spoiled(TinyProduct product, string good, string bad)
    {
        product.Write("lib/content", $"{Guid.NewGuid()}\n");
        product.Write("bad/content", "bad\n");
        product.Write("bad/Dockerfile", File.ReadAllText(product["lib/Dockerfile"]));
        product.Edit("bad/Dockerfile", good, bad);
        product.Edit("debyard.yml", "dependencies:\n", $"dependencies:\n  {product.Library}-bad: {{ version: 1.0-1, context: bad }}\n");
        return product;
    }
}
