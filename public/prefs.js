/** Language and theme: remembered in cookies, so that the server draws the page right at once. */
const YEAR = 365 * 24 * 3600;

const remember = (name, value) => {
  document.cookie = `${name}=${value}; path=/; max-age=${YEAR}; SameSite=Strict`;
};

const isDark = () => {
  const chosen = document.documentElement.dataset.theme;
  return chosen === undefined ? matchMedia('(prefers-color-scheme: dark)').matches : chosen === 'dark';
};

export function startPrefs() {
  document.querySelector('#theme')?.addEventListener('click', () => {
    const theme = isDark() ? 'light' : 'dark';
    document.documentElement.dataset.theme = theme;
    remember('zhiban_theme', theme);
  });
  const lang = document.querySelector('#lang');
  lang?.addEventListener('click', () => {
    remember('zhiban_lang', lang.dataset.to);
    const address = new URL(location.href);
    address.searchParams.delete('lang');
    sessionStorage.setItem('zhiban_lang_changed', '1');
    location.replace(address);
  });
}
