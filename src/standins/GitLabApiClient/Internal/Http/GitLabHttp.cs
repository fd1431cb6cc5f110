using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Net.Http.Headers;

namespace GitLabApiClient.Internal.Http;

/// <summary>Requests to one GitLab: JSON both ways, lists page by page.</summary>
[SuppressMessage("Design", "CA1001", Justification = "The package's client cannot be disposed either")]
sealed class GitLabHttp
{
    const int ItemsPerPage = 100; // GitLab's maximum

    readonly HttpClient client;

    public GitLabHttp(Uri host, string token, HttpMessageHandler handler, TimeSpan? timeout)
    {
        client = new HttpClient(handler) { BaseAddress = host };
        if (timeout is { } limit)
            client.Timeout = limit;
        switch (token.Length)
        {
            case 0:
                break;
            case >= 20 and < 64:
                client.DefaultRequestHeaders.Add("PRIVATE-TOKEN", token);
                break;
            case 64:
                client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
                break;
            default:
                throw new ArgumentException("Unsupported authentication token provide, please private an oauth or private token");
        }
    }

    public async Task<T> GetAsync<T>(string url)
    {
        using var response = await SendAsync(HttpMethod.Get, url);
        return await ReadAsync<T>(response);
    }

    public async Task<T> PostAsync<T>(string url, object body)
    {
        using var response = await SendAsync(HttpMethod.Post, url, Json(body));
        return await ReadAsync<T>(response);
    }

    public async Task PostAsync(string url) => (await SendAsync(HttpMethod.Post, url, Json(null))).Dispose();

    public async Task<T> PutAsync<T>(string url, object body)
    {
        using var response = await SendAsync(HttpMethod.Put, url, Json(body));
        return await ReadAsync<T>(response);
    }

    public async Task DeleteAsync(string url) => (await SendAsync(HttpMethod.Delete, url)).Dispose();

    /// <summary>
    /// Fetches all pages. GitLab gives their number in <c>X-Total-Pages</c>; above 10,000 items it gives only <c>X-Next-Page</c>.
    /// </summary>
    public async Task<IList<T>> ListAsync<T>(string url)
    {
        var (items, total, next) = await PageAsync<T>(url, 1);
        if (total > 1)
        {
            foreach (var pages in Enumerable.Range(2, total - 1).Chunk(Environment.ProcessorCount))
            {
                foreach (var page in await Task.WhenAll(pages.Select(page => PageAsync<T>(url, page))))
                    items.AddRange(page.Items);
            }
        }
        else if (total == 0)
        {
            while (next > 1)
            {
                (var more, _, next) = await PageAsync<T>(url, next);
                items.AddRange(more);
            }
        }
        return items;
    }

    async Task<(List<T> Items, int TotalPages, int NextPage)> PageAsync<T>(string url, int page)
    {
        var separator = url.Contains('?', StringComparison.Ordinal) ? '&' : '?';
        using var response = await SendAsync(HttpMethod.Get, $"{url}{separator}per_page={ItemsPerPage}&page={page}");
        return (await ReadAsync<List<T>>(response), Number("X-Total-Pages"), Number("X-Next-Page"));

        int Number(string header) =>
            response.Headers.TryGetValues(header, out var values) && values.First() is { Length: > 0 } value
                ? int.Parse(value, CultureInfo.InvariantCulture)
                : 0;
    }

    async Task<HttpResponseMessage> SendAsync(HttpMethod method, string url, HttpContent content = null)
    {
        using var request = new HttpRequestMessage(method, url) { Content = content };
        var response = await client.SendAsync(request);
        if (response.IsSuccessStatusCode)
            return response;

        using (response)
            throw new GitLabException(response.StatusCode, await response.Content.ReadAsStringAsync());
    }

    static StringContent Json(object body) =>
        new(body is null ? "" : GitLabJson.Serialize(body)) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } };

    static async Task<T> ReadAsync<T>(HttpResponseMessage response) =>
        GitLabJson.Deserialize<T>(await response.Content.ReadAsStringAsync());
}
