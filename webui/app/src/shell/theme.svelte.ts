// Light or dark: as the system says, unless a person chose.

export type Choice = 'system' | 'light' | 'dark';

const KEY = 'rush.theme';

export class Theme {
  choice = $state<Choice>('system');
  private readonly system = matchMedia('(prefers-color-scheme: dark)');
  private systemDark = $state(false);
  /** What is shown. */
  readonly dark = $derived(this.choice === 'system' ? this.systemDark : this.choice === 'dark');

  constructor() {
    const kept = stored();
    if (kept === 'light' || kept === 'dark') this.choice = kept;
    this.systemDark = this.system.matches;
    this.system.addEventListener('change', (event) => (this.systemDark = event.matches));
  }

  /** Goes from one choice to the next. */
  next(): void {
    this.choice = this.choice === 'system' ? (this.systemDark ? 'light' : 'dark') : this.choice === 'light' ? 'dark' : 'light';
    if (this.choice === (this.systemDark ? 'dark' : 'light')) this.choice = 'system';
    try {
      if (this.choice === 'system') localStorage.removeItem(KEY);
      else localStorage.setItem(KEY, this.choice);
    } catch {
      // the choice lasts as long as the page
    }
  }
}

function stored(): string | null {
  try {
    return localStorage.getItem(KEY);
  } catch {
    return null;
  }
}

/** A color of the style sheet, for canvases. */
export function color(name: string): string {
  return getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();
}
