using System.Net;

namespace GitLabApiClient.Tests;

public sealed class ConnectionTests(FakeGitLab gitLab) : IClassFixture<FakeGitLab>
{
    const string Path = "GET /api/v4/projects/1";

    [Theory]
    [InlineData("")]
    [InlineData("/")]
    [InlineData("/api/v4")]
    [InlineData("/api/v4/")]
    public async Task The_api_is_found_whether_or_not_the_address_names_it(string ending)
    {
        gitLab.Answer(Path, """{"id":1}""");
        var client = new GitLabClient(gitLab.Url + ending);
        Assert.Equal(gitLab.Url + "/api/v4/", client.HostUrl);
        await client.Projects.GetAsync(1);
        Assert.Equal(Path, gitLab.Only);
    }

    [Theory]
    [InlineData(0, null, null)]
    [InlineData(20, "PRIVATE-TOKEN", "")]
    [InlineData(63, "PRIVATE-TOKEN", "")]
    [InlineData(64, "Authorization", "Bearer ")]
    public async Task A_tokens_kind_is_its_length(int length, string? header, string? prefix)
    {
        gitLab.Answer(Path, """{"id":1}""");
        var token = new string('t', length);
        await new GitLabClient(gitLab.Url, token).Projects.GetAsync(1);

        Assert.True(gitLab.Requests.TryDequeue(out var request));
        var sent = request.Headers.Where(h => h.Key is "PRIVATE-TOKEN" or "Authorization").ToDictionary();
        Assert.Equal(header is null ? [] : new Dictionary<string, string> { [header] = prefix + token }, sent);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(19)]
    [InlineData(65)]
    public void Tokens_of_other_lengths_are_refused(int length) =>
        Assert.Throws<ArgumentException>(() => new GitLabClient(gitLab.Url, new string('t', length)));

    [Fact]
    public void An_address_and_a_token_must_be_given()
    {
        Assert.Throws<ArgumentException>(() => new GitLabClient(""));
        Assert.Throws<ArgumentException>(() => new GitLabClient(gitLab.Url, null));
    }

    [Fact]
    public async Task A_handler_can_bring_a_token_of_another_kind()
    {
        gitLab.Answer(Path, """{"id":1}""");
        using var handler = new JobToken { InnerHandler = new HttpClientHandler() };
        await new GitLabClient(gitLab.Url, httpMessageHandler: handler).Projects.GetAsync(1);
        Assert.True(gitLab.Requests.TryDequeue(out var request));
        Assert.Equal("job", request.Headers["JOB-TOKEN"]);
    }

    [Fact]
    public async Task An_error_has_the_status_and_the_body()
    {
        var missing = await Assert.ThrowsAsync<GitLabException>(() => gitLab.Client.Projects.GetAsync(404));
        Assert.Equal((HttpStatusCode.NotFound, """{"message":"404 Not Found"}"""), (missing.HttpStatusCode, missing.Message));
        gitLab.Requests.Clear();
    }

    [Fact]
    public async Task An_instance_that_is_not_there_is_a_failed_request()
    {
        await Assert.ThrowsAsync<HttpRequestException>(() => new GitLabClient("http://127.0.0.1:1").Projects.GetAsync(1));
    }

    [Fact]
    public async Task An_answer_later_than_the_timeout_is_cancelled()
    {
        using var handler = new Silence();
        var client = new GitLabClient(gitLab.Url, httpMessageHandler: handler, clientTimeout: TimeSpan.FromMilliseconds(1));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => client.Projects.GetAsync(1));
    }

    sealed class JobToken : DelegatingHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            request.Headers.Add("JOB-TOKEN", "job");
            return base.SendAsync(request, cancellationToken);
        }
    }

    sealed class Silence : HttpMessageHandler
    {
        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            await Task.Delay(Timeout.Infinite, cancellationToken);
            throw new InvalidOperationException();
        }
    }
}
