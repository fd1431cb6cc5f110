using System.Collections.Concurrent;

namespace Debyard.Repository.Branches;

static class OnceDictionary
{
    /// <summary>
    /// Runs <paramref name="create"/> once per key, even for concurrent callers. After a failure the next caller runs it again.
    /// </summary>
    public static async Task<T> GetOnceAsync<TKey, T>(this ConcurrentDictionary<TKey, Lazy<T>> tasks, TKey key, Func<TKey, T> create)
        where TKey : notnull
        where T : Task
    {
        var task = tasks.GetOrAdd(key, static (key, create) => new(() => create(key)), create);
        try
        {
            await task.Value;
            return task.Value;
        }
        catch
        {
            tasks.TryRemove(KeyValuePair.Create(key, task));
            throw;
        }
    }
}
