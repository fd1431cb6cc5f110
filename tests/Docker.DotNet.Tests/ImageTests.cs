using Docker.DotNet.Models;

namespace Docker.DotNet.Tests;

[Collection(nameof(Engine))]
public sealed class ImageTests(EngineFixture engine)
{
    readonly IImageOperations images = engine.Client.Images;

    [Fact]
    public async Task Images_are_listed_by_label()
    {
        var listed = Assert.Single(await images.ListImagesAsync(new() { Filters = engine.LabelFilter }));
        Assert.Contains(engine.Image, listed.RepoTags);
        Assert.Equal(engine.Run, listed.Labels[EngineFixture.LabelName]);
        Assert.InRange(listed.Created, DateTime.UtcNow.AddHours(-1), DateTime.UtcNow.AddHours(1));
        Assert.True(listed.Size > 0);

        var none = new Dictionary<string, IDictionary<string, bool>>
        {
            ["label"] = new Dictionary<string, bool> { [$"debyard.test=no-{engine.Run}"] = true },
        };
        Assert.Empty(await images.ListImagesAsync(new() { Filters = none }));
    }

    [Fact]
    public async Task An_imported_image_has_what_its_changes_say()
    {
        var image = await images.InspectImageAsync(engine.Image);
        Assert.StartsWith("sha256:", image.ID, StringComparison.Ordinal);
        Assert.Equal("linux", image.Os);
        Assert.Equal(["/bin/bash"], image.Config.Cmd);
        Assert.Contains("GREETING=hello", image.Config.Env);
        Assert.Equal(engine.Run, image.Config.Labels[EngineFixture.LabelName]);
        Assert.Single(image.RootFS.Layers);
        Assert.Equal(DateTimeKind.Utc, image.Created.Kind);
    }

    [Fact]
    public async Task A_tag_is_added_and_deleted_without_the_image()
    {
        var other = $"{engine.Repository}:other";
        await images.TagImageAsync(engine.Image, new() { RepositoryName = engine.Repository, Tag = "other" });
        Assert.Equal((await images.InspectImageAsync(engine.Image)).ID, (await images.InspectImageAsync(other)).ID);

        var done = await images.DeleteImageAsync(other, new());
        Assert.Equal(other, Assert.Single(done)["Untagged"]);
        await Assert.ThrowsAsync<DockerImageNotFoundException>(() => images.InspectImageAsync(other));
        await images.InspectImageAsync(engine.Image);
    }

    [Fact]
    public async Task A_missing_image_is_an_exception_of_its_own()
    {
        var missing = $"{engine.Repository}:missing";
        var exceptions = new[]
        {
            await Assert.ThrowsAsync<DockerImageNotFoundException>(() => images.InspectImageAsync(missing)),
            await Assert.ThrowsAsync<DockerImageNotFoundException>(() => images.TagImageAsync(missing, new() { RepositoryName = "any" })),
            await Assert.ThrowsAsync<DockerImageNotFoundException>(() => images.DeleteImageAsync(missing, new())),
            await Assert.ThrowsAsync<DockerImageNotFoundException>(() =>
                engine.Client.Containers.CreateContainerAsync(engine.Bash("true", p => p.Image = missing))
            ),
        };
        Assert.All(
            exceptions,
            exception =>
            {
                Assert.Equal(System.Net.HttpStatusCode.NotFound, exception.StatusCode);
                Assert.Contains("No such image", exception.ResponseBody, StringComparison.Ordinal);
            }
        );
    }

    [Fact]
    public async Task Import_reports_the_image_it_made()
    {
        var messages = new Messages();
        await images.CreateImageAsync(
            new ImagesCreateParameters
            {
                Repo = engine.Repository,
                Tag = "reported",
                Changes = [$"LABEL {EngineFixture.LabelName}={engine.Run}"],
            },
            BashFileSystem.Tar(),
            null,
            messages
        );
        try
        {
            Assert.Equal((await images.InspectImageAsync($"{engine.Repository}:reported")).ID, Assert.Single(messages).Status);
        }
        finally
        {
            await images.DeleteImageAsync($"{engine.Repository}:reported", new());
        }
    }

    [Fact]
    public async Task A_failure_after_the_answer_has_begun_is_a_message_not_an_exception()
    {
        using var registry = new RegistryWithoutBlobs();
        var messages = new Messages();
        await images.CreateImageAsync(new ImagesCreateParameters { FromImage = registry.Image, Tag = "broken" }, null, messages);

        Assert.Contains(messages, message => message.Status == "Pulling from debyard.test" && message.ID == "broken");
        var failure = Assert.Single(messages, message => message.Error is not null);
        Assert.Equal(failure.Error.Message, failure.ErrorMessage);
        Assert.Contains("unknown blob", failure.ErrorMessage, StringComparison.OrdinalIgnoreCase);
        await Assert.ThrowsAsync<DockerImageNotFoundException>(() => images.InspectImageAsync($"{registry.Image}:broken"));
    }

    [Fact]
    public async Task An_archive_that_is_none_fails_with_the_engines_words()
    {
        using var noTar = new MemoryStream(
            new byte[10_000]
                .Select((_, i) => (byte)(i * 7))
                .ToArray()
        );
        var failure = await Assert.ThrowsAsync<DockerApiException>(() =>
            images.CreateImageAsync(new ImagesCreateParameters { Repo = engine.Repository, Tag = "broken" }, noTar, null, new Messages())
        );
        Assert.Contains("tar", failure.ResponseBody, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_pull_from_a_registry_that_is_not_there_fails_with_the_engines_words()
    {
        var failure = await Assert.ThrowsAsync<DockerApiException>(() =>
            images.CreateImageAsync(
                new ImagesCreateParameters { FromImage = "127.0.0.1:1/debyard.test", Tag = "none" },
                new AuthConfig(),
                new Messages()
            )
        );
        Assert.Contains("127.0.0.1:1", failure.ResponseBody, StringComparison.Ordinal);
    }
}
