using Debyard.Pipeline.Engine;

namespace Debyard.Pipeline.Tests.Engine;

public sealed class ImageReferenceTests
{
    [Theory]
    [InlineData("debian", "docker.io", "debian", "latest")]
    [InlineData("debian:trixie-slim", "docker.io", "debian", "trixie-slim")]
    [InlineData("mcst/lcc:1.29", "docker.io", "mcst/lcc", "1.29")]
    [InlineData("docker.io/library/debian", "docker.io", "docker.io/library/debian", "latest")]
    [InlineData("index.docker.io/library/debian", "docker.io", "index.docker.io/library/debian", "latest")]
    [InlineData("localhost/lcc", "localhost", "localhost/lcc", "latest")]
    [InlineData("registry:5000/lcc", "registry:5000", "registry:5000/lcc", "latest")]
    [InlineData("registry.example.com/a/b:2", "registry.example.com", "registry.example.com/a/b", "2")]
    [InlineData("registry.example.com:5000/a@sha256:ab", "registry.example.com:5000", "registry.example.com:5000/a", "sha256:ab")]
    [InlineData("a/b:2@sha256:ab", "docker.io", "a/b", "sha256:ab")]
    public void A_name_is_read_as_docker_reads_it(string text, string registry, string repository, string tag) =>
        Assert.Equal(new ImageReference(registry, repository, tag), ImageReference.Parse(text));
}
