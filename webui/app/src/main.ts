import { mount } from 'svelte';
import App from './App.svelte';
import './style/base.css';

// The scripts are read in one task, and the page is made in the next: neither is long.
setTimeout(() => mount(App, { target: document.getElementById('page')! }));
