namespace Debyard.Acceptance.Tiny;

/// <summary>What is wrong in the manifest or on the command line is said before anything is built.</summary>
[Collection("A published product")]
public sealed class BadManifestTests(PublishedProduct published)
{
    [Fact]
    public Task Broken_yaml_is_shown_by_line_and_column() =>
        RefusedAsync(product => product.Edit("debyard.yml", "bases:", "bases: ["), [], "debyard.yml:5:35: invalid YAML");

    [Fact]
    public Task An_unknown_key_gets_the_nearest_one() =>
        RefusedAsync(
            product => product.Edit("debyard.yml", "install:", "instal:"),
            [],
            "debyard.yml:14:3",
            "has no key 'instal'; did you mean 'install'?"
        );

    [Fact]
    public Task An_unknown_architecture_gets_the_nearest_one() =>
        RefusedAsync(
            _ => { },
            ["--architectures", "armd64"],
            "--architectures: debyard.yml has no architecture 'armd64'; did you mean 'amd64'?"
        );

    [Fact]
    public Task Another_systems_name_of_an_architecture_gets_debians() =>
        RefusedAsync(_ => { }, ["--architectures", "x86_64"], "has no architecture 'x86_64'; did you mean 'amd64'?");

    [Fact]
    public Task An_unknown_option_gets_the_nearest_one() =>
        RefusedAsync(_ => { }, ["--brnach", "feature/q"], "There is no option --brnach; did you mean --branch?");

    [Fact]
    public Task A_value_that_does_not_fit_is_named_with_its_option() =>
        RefusedAsync(_ => { }, ["--jobs", "0"], "--jobs: 0 is not between 1 and 1024.");

    [Fact]
    public Task An_unknown_dependency_gets_the_nearest_one() =>
        RefusedAsync(
            _ => { },
            ["--only", published.Product.Library + "x"],
            $"--only: there is no dependency or package '{published.Product.Library}x'; did you mean '{published.Product.Library}'?"
        );

    [Fact]
    public Task A_cycle_is_shown_from_end_to_end() =>
        RefusedAsync(
            product =>
                product.Edit(
                    "debyard.yml",
                    "context: lib }",
                    $"context: lib, needs: [{product.Library}-two] }}\n"
                        + $"  {product.Library}-two: {{ version: 1.0-1, context: lib, needs: [{product.Library}] }}"
                ),
            [],
            $"{published.Product.Library} -> {published.Product.Library}-two -> {published.Product.Library}"
        );

    [Fact]
    public Task A_missing_manifest_is_named() => RefusedAsync(_ => { }, ["--manifest", "other.yml"], "other.yml");

    [Fact]
    public Task A_missing_dockerfile_is_named() => RefusedAsync(product => File.Delete(product["lib/Dockerfile"]), [], "lib/Dockerfile");

    [Fact]
    public Task A_context_outside_the_product_is_named() =>
        RefusedAsync(
            product => product.Edit("debyard.yml", "context: lib", "context: ../lib"),
            [],
            "../lib is outside the manifest's folder"
        );

    [Fact]
    public Task A_context_that_a_link_takes_outside_is_named() =>
        RefusedAsync(
            product =>
            {
                Directory.Move(product["lib"], System.IO.Path.Combine(product.Path, "lib"));
                Directory.CreateSymbolicLink(product["lib"], "../lib");
            },
            [],
            "lib is a link to ",
            "outside the manifest's folder: copy it into that folder"
        );

    [Fact]
    public Task A_link_out_of_a_context_is_named() =>
        RefusedAsync(
            product => File.CreateSymbolicLink(product["lib/manifest"], "../debyard.yml"),
            [],
            "lib/manifest is a link to ../debyard.yml, outside the build context",
            "Put the file itself into lib."
        );

    [Fact]
    public async Task Without_a_branch_checked_out_one_must_be_named()
    {
        using var product = await published.Product.CopyAsync();
        product.Write(".gitignore", "/output/\n/.nuke/\n");
        string[] git = ["-C", product.Root, "-c", "user.name=A", "-c", "user.email=a@example.org"];
        await Tool.RunAsync("git", [.. git, "init", "--quiet", "--initial-branch=main"]);
        await Tool.RunAsync("git", [.. git, "add", "--all"]);
        await Tool.RunAsync("git", [.. git, "commit", "--quiet", "--message=First"]);
        await Tool.RunAsync("git", [.. git, "checkout", "--quiet", "--detach"]);
        var before = product.Published;

        var refused = await product.RunAsync("Upload");

        refused.Refuses("No branch is checked out (HEAD is detached): set the branch to publish to with --branch.");
        Assert.Equal(before, product.Published);
        await product.LeavesNothingAsync(refused);
        (await product.RunAsync("Upload", "--branch", "main")).Succeeds($"{product.LibraryFile} present");
    }

    async Task RefusedAsync(Action<TinyProduct> spoil, string[] arguments, params string[] saying)
    {
        using var product = await published.Product.CopyAsync();
        spoil(product);
        var before = product.Published;

        var outcome = await product.RunAsync(["Pipeline", .. arguments]);

        outcome.Refuses(saying);
        Assert.DoesNotContain("being built", outcome.Output, StringComparison.Ordinal);
        Assert.Equal(before, product.Published);
        await product.LeavesNothingAsync(outcome);
    }
}
