namespace Debyard.Acceptance.Tiny;

/// <summary>Why something is built, what its Dockerfile could do better, and whether a second build makes the same.</summary>
[Collection("A published product")]
public sealed class ExplainTests(PublishedProduct published)
{
    [Fact]
    public async Task Explain_names_the_file_and_the_line_that_changed_and_builds_nothing()
    {
        using var product = await published.Product.CopyAsync();
        product.Environment["DOCKER_HOST"] = $"unix://{product.Path}/no-engine.sock";
        (await product.RunAsync("Explain")).Succeeds($"{product.Library}/amd64 would not be built: no input changed, 1 package kept");

        product.Write("lib/content", "another library\n");
        product.Write("tools/Dockerfile", "ARG BASE\nFROM ${BASE}\nRUN true\n");

        (await product.RunAsync("Explain", "--only", product.Library, "--architectures", "amd64")).Succeeds(
            $"{product.Library}/amd64 would be built:",
            "lib/content changed",
            $"{product.Name}-tools changed",
            "tools/Dockerfile:3 is new: \"RUN true\""
        );
    }

    [Fact]
    public async Task Explain_and_a_build_warn_of_a_weak_dockerfile_with_its_line()
    {
        using var product = await published.Product.CopyAsync();
        product.Edit("lib/Dockerfile", "RUN mkdir", "RUN apt-get --version && : apt-get update\nRUN mkdir");
        const string weak = "lib/Dockerfile:7: `apt-get update` and its install are in different RUNs";

        (await product.RunAsync("Explain", "--only", product.Library)).Succeeds(weak);
        (await product.RunAsync("Dependencies", "--only", product.Library)).Succeeds(
            $"{product.Library}/amd64 is being built: lib/Dockerfile:7 changed",
            weak
        );
    }

    [Fact]
    public async Task A_second_build_that_makes_other_bytes_is_an_error_that_names_the_file()
    {
        using var product = await published.Product.CopyAsync();
        var same = await product.RunAsync("Extract", "--verify-reproducible");
        same.Succeeds($"{product.Library}/amd64 is reproducible: the second build produced the same bytes");
        await product.LeavesNothingAsync(same);

        product.Edit(
            "lib/Dockerfile",
            "RUN mkdir",
            "RUN mkdir --parents /package/opt && head --bytes=16 /dev/urandom > /package/opt/random\nRUN mkdir"
        );
        var other = await product.RunAsync("Extract", "--verify-reproducible");

        other.Refuses(
            "Not reproducible, the second build produced different packages:",
            $"{product.Library}/amd64: {product.LibraryFile}: /opt/random: content "
        );
        await product.LeavesNothingAsync(other);
    }
}
